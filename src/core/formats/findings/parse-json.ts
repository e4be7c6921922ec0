/** Caps of one report: 25 MiB of text, nesting no scanner comes near, and as many objects as a file of that size honestly has. */
export const reportLimits = {
  bytes: 25 * 1024 * 1024,
  depth: 200,
  containers: 3_000_000,
  findings: 100_000,
} as const;

export type ParsedJson =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "unreadable"; readonly reason: string };

const quote = 34;
const backslash = 92;

/** Counts brackets outside strings, before anything is built: a small file must not become gigabytes of objects. */
function shapeProblem(text: string): string | null {
  let depth = 0;
  let containers = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      index += 1;
      while (index < text.length && text.charCodeAt(index) !== quote)
        index += text.charCodeAt(index) === backslash ? 2 : 1;
    } else if (code === 123 || code === 91) {
      depth += 1;
      containers += 1;
      if (depth > reportLimits.depth)
        return `it is nested deeper than ${reportLimits.depth} levels`;
      if (containers > reportLimits.containers)
        return `it holds more than ${reportLimits.containers} objects and lists`;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return depth > 0 ? "it is cut off: brackets are left open at its end" : null;
}

/** What somebody named instead of a report, where that can be told. */
function otherThanJson(text: string): string | null {
  if (text.startsWith("\u001f") || text.startsWith("PK\u0003\u0004"))
    return "it is compressed: unpack it, and name the report inside";
  return text.trimStart().startsWith("<")
    ? "it is XML or a web page: of scanners, SARIF and JSON are read"
    : null;
}

/** The place JSON.parse names, never its excerpt of the text: that may hold a secret. */
function placeOf(error: unknown, text: string): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return ` (line ${before.length}, column ${(before.at(-1) ?? "").length + 1})`;
}

/** Parses hostile report text: size, depth and counts are capped first, a byte-order mark is skipped. Never throws. */
export function parseJson(raw: string): ParsedJson {
  if (raw.length > reportLimits.bytes)
    return { kind: "unreadable", reason: "it is larger than 25 MiB" };
  const text = raw.charCodeAt(0) === 0xfeff ? raw.slice(1) : raw;
  if (text.trim() === "")
    return {
      kind: "unreadable",
      reason: "it is empty: a scanner that ran writes at least an empty list",
    };
  const problem = otherThanJson(text) ?? shapeProblem(text);
  if (problem !== null) return { kind: "unreadable", reason: problem };
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch (error) {
    return { kind: "unreadable", reason: `it is not valid JSON${placeOf(error, text)}` };
  }
}

/** Where the top-level objects of a text lie, one behind the other; null where anything else stands between them. */
function objectsIn(text: string): readonly string[] | null {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      if (depth === 0) return null;
      index += 1;
      while (index < text.length && text.charCodeAt(index) !== quote)
        index += text.charCodeAt(index) === backslash ? 2 : 1;
    } else if (code === 123 || code === 91) {
      if (depth === 0) start = index;
      depth += 1;
    } else if (code === 125 || code === 93) {
      depth -= 1;
      if (depth < 0) return null;
      if (depth === 0) found.push(text.slice(start, index + 1));
    } else if (depth === 0 && code > 32) return null;
  }
  return depth === 0 ? found : null;
}

/** JSON documents one behind the other, over several lines each (govulncheck); unreadable when any of them is not. */
export function parseJsonStream(raw: string): ParsedJson {
  if (raw.length > reportLimits.bytes)
    return { kind: "unreadable", reason: "it is larger than 25 MiB" };
  const objects = objectsIn(raw.charCodeAt(0) === 0xfeff ? raw.slice(1) : raw);
  if (objects === null || objects.length < 2 || objects.length > reportLimits.findings)
    return { kind: "unreadable", reason: "it is no sequence of JSON documents" };
  const values: unknown[] = [];
  for (const [index, text] of objects.entries()) {
    const parsed = parseJson(text);
    if (parsed.kind === "unreadable")
      return { kind: "unreadable", reason: `document ${index + 1}: ${parsed.reason}` };
    values.push(parsed.value);
  }
  return { kind: "json", value: values };
}

/** One JSON document a line (trufflehog); unreadable when any line is not. */
export function parseJsonLines(raw: string): ParsedJson {
  if (raw.length > reportLimits.bytes)
    return { kind: "unreadable", reason: "it is larger than 25 MiB" };
  const values: unknown[] = [];
  const lines = (raw.charCodeAt(0) === 0xfeff ? raw.slice(1) : raw).split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const parsed = parseJson(line);
    if (parsed.kind === "unreadable")
      return { kind: "unreadable", reason: `line ${index + 1}: ${parsed.reason}` };
    values.push(parsed.value);
    if (values.length > reportLimits.findings)
      return { kind: "unreadable", reason: `it holds more than ${reportLimits.findings} lines` };
  }
  return { kind: "json", value: values };
}
