/** A path segment of a pattern: `**`, plain text, or code units with the two wildcards below. */
export type GlobSegment = { readonly kind: "any" } | { readonly kind: "literal"; readonly text: string } | { readonly kind: "wild"; readonly units: readonly number[] };

/**
 * What may follow the pattern's last segment: `exact` nothing (`docs/*`), `below` at least one more segment (`docs/`),
 * `either` (`docs` is the file of that name, or all below the folder).
 */
export type CodeownersGlob = { readonly segments: readonly GlobSegment[]; readonly tail: "exact" | "below" | "either"; readonly needs: string };

const star = -1;
const question = -2;
const longest = 1024;

/**
 * A CODEOWNERS pattern as GitHub reads it: gitignore's rules without `!`, without `[ ]` (brackets are plain characters)
 * and without an escaped `#`; case matters. Answers a sentence where GitHub skips the line.
 */
export function compileGlob(pattern: string): CodeownersGlob | string {
  if (pattern.length > longest) return `the pattern is longer than ${longest} characters`;
  if (pattern.startsWith("!")) return "CODEOWNERS knows no negation with !; give the path its own line instead";
  if (pattern.startsWith("\\#")) return "a pattern cannot begin with #, not even escaped";
  if (pattern.includes("***")) return "*** is no pattern; ** stands for any folders";
  const anchored = pattern.slice(0, -1).includes("/");
  const below = pattern.endsWith("/");
  const parts = pattern.slice(pattern.startsWith("/") ? 1 : 0, below ? -1 : undefined).split("/");
  if (parts.includes("")) return pattern === "/" ? "/ alone names nothing; * stands for every file" : "the pattern has an empty folder name";
  const segments = parts.map(segmentOf);
  if (!anchored) segments.unshift({ kind: "any" });
  const last = parts.at(-1);
  const tail = below || last === "**" ? "below" : last === "*" ? "exact" : "either";
  // What `**` at the end stands for is said by the tail.
  while (segments.at(-1)?.kind === "any") segments.pop();
  return { segments, tail, needs: longestText(segments) };
}

/** Linear in path times pattern: a mismatch goes back to the last wildcard only, on both levels. */
export function matchesCodeownersGlob({ segments, tail, needs }: CodeownersGlob, path: string, parts: readonly string[]): boolean {
  if (!path.includes(needs)) return false;
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
  if (units.some((unit) => unit < 0)) return { kind: "wild", units };
  return { kind: "literal", text: String.fromCharCode(...units) };
}

function matchesSegment(segment: GlobSegment, text: string): boolean {
  if (segment.kind === "literal") return segment.text === text;
  if (segment.kind === "any" || text === "") return false;
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

/** The longest plain text of the pattern: a path without it cannot match, which settles most questions at once. */
function longestText(segments: readonly GlobSegment[]): string {
  let best = "";
  for (const segment of segments) {
    const texts = segment.kind === "literal" ? [segment.text] : segment.kind === "wild" ? plainRuns(segment.units) : [];
    for (const text of texts) if (text.length > best.length) best = text;
  }
  return best;
}

function plainRuns(units: readonly number[]): readonly string[] {
  return units
    .map((unit) => (unit < 0 ? "\0" : String.fromCharCode(unit)))
    .join("")
    .split("\0");
}
