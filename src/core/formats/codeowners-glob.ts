/** A path segment of a pattern: `**`, plain text, text with one star in it, or code units with the two wildcards below. */
export type GlobSegment =
  | { readonly kind: "any" }
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "starred"; readonly before: string; readonly after: string }
  | { readonly kind: "wild"; readonly units: readonly number[] };

/**
 * What may follow the pattern's last segment: `exact` nothing (`docs/*`), `below` at least one more segment (`docs/`),
 * `either` (`docs` is the file of that name, or all below the folder). `needs` are texts without which a path cannot
 * match: looking for them settles most questions at once.
 */
export type CodeownersGlob = {
  readonly segments: readonly GlobSegment[];
  readonly tail: "exact" | "below" | "either";
  readonly needs: readonly string[];
};

const star = -1;
const question = -2;
const longest = 1024;

/**
 * A CODEOWNERS pattern as GitHub reads it: gitignore's rules without `!`, without `[ ]` (brackets are plain characters)
 * and without an escaped `#`; case matters. Answers a sentence where GitHub skips the line.
 */
export function compileGlob(pattern: string): CodeownersGlob | string {
  if (pattern.length > longest) return `the pattern is longer than ${longest} characters`;
  if (pattern.startsWith("!"))
    return "CODEOWNERS knows no negation with !; give the path its own line instead";
  if (pattern.startsWith("\\#")) return "a pattern cannot begin with #, not even escaped";
  if (pattern.includes("***")) return "*** is no pattern; ** stands for any folders";
  const anchored = pattern.slice(0, -1).includes("/");
  const below = pattern.endsWith("/");
  const parts = pattern.slice(pattern.startsWith("/") ? 1 : 0, below ? -1 : undefined).split("/");
  if (parts.includes(""))
    return pattern === "/"
      ? "/ alone names nothing; * stands for every file"
      : "the pattern has an empty folder name";
  const segments = parts.map(segmentOf);
  if (!anchored) segments.unshift({ kind: "any" });
  const last = parts.at(-1);
  const tail = below || last === "**" ? "below" : last === "*" ? "exact" : "either";
  // What `**` at the end stands for is said by the tail.
  while (segments.at(-1)?.kind === "any") segments.pop();
  return { segments, tail, needs: textsOf(segments) };
}

/** Linear in path times pattern: a mismatch goes back to the last wildcard only, on both levels. */
export function matchesCodeownersGlob(
  { segments, tail, needs }: CodeownersGlob,
  path: string,
  parts: readonly string[],
): boolean {
  for (const text of needs) if (!path.includes(text)) return false;
  let at = 0;
  let part = 0;
  let anyAt = -1;
  let anyPart = 0;
  for (;;) {
    const segment = segments[at];
    if (segment === undefined) {
      const left = parts.length - part;
      if (tail === "either" || (tail === "exact" ? left === 0 : left >= 1)) return true;
    } else if (segment.kind === "any") {
      anyAt = at;
      anyPart = part;
      at += 1;
      continue;
    } else if (part < parts.length && matchesSegment(segment, parts[part] ?? "")) {
      at += 1;
      part += 1;
      continue;
    }
    if (anyAt === -1 || anyPart >= parts.length) return false;
    anyPart += 1;
    part = anyPart;
    at = anyAt + 1;
  }
}

function segmentOf(text: string): GlobSegment {
  if (text === "**") return { kind: "any" };
  const units: number[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (character === "\\" && i + 1 < text.length) {
      i += 1;
      units.push(text.charCodeAt(i));
    } else if (character === "*") {
      if (units.at(-1) !== star) units.push(star);
    } else if (character === "?") units.push(question);
    else units.push(text.charCodeAt(i));
  }
  const wildcards = units.filter((unit) => unit < 0);
  if (wildcards.length === 0) return { kind: "literal", text: String.fromCharCode(...units) };
  if (wildcards.length > 1 || wildcards[0] === question) return { kind: "wild", units };
  const at = units.indexOf(star);
  return {
    kind: "starred",
    before: String.fromCharCode(...units.slice(0, at)),
    after: String.fromCharCode(...units.slice(at + 1)),
  };
}

function matchesSegment(segment: GlobSegment, text: string): boolean {
  if (segment.kind === "literal") return segment.text === text;
  if (segment.kind === "any" || text === "") return false;
  if (segment.kind === "starred")
    return (
      text.length >= segment.before.length + segment.after.length &&
      text.startsWith(segment.before) &&
      text.endsWith(segment.after)
    );
  const { units } = segment;
  let at = 0;
  let starAt = -1;
  let starText = 0;
  let i = 0;
  while (i < text.length) {
    const unit = units[at];
    if (unit === star) {
      starAt = at;
      starText = i;
      at += 1;
    } else if (unit === question || unit === text.charCodeAt(i)) {
      at += 1;
      i += 1;
    } else if (starAt !== -1) {
      starText += 1;
      i = starText;
      at = starAt + 1;
    } else return false;
  }
  while (units[at] === star) at += 1;
  return at === units.length;
}

/** The pattern's plain texts, last first: what stands at the end tells most paths apart. */
function textsOf(segments: readonly GlobSegment[]): readonly string[] {
  return segments
    .flatMap(plainTexts)
    .filter((text) => text !== "")
    .reverse();
}

function plainTexts(segment: GlobSegment): readonly string[] {
  switch (segment.kind) {
    case "any":
      return [];
    case "literal":
      return [segment.text];
    case "starred":
      return [segment.before, segment.after];
    case "wild":
      return segment.units
        .map((unit) => (unit < 0 ? "/" : String.fromCharCode(unit)))
        .join("")
        .split("/");
  }
}
