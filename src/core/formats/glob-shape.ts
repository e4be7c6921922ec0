/** Extended globs: one of these before a parenthesis. */
const extended = "@!+?*";

interface Open {
  readonly what: "brace" | "parenthesis";
  readonly at: number;
}

/**
 * What keeps a glob from ever matching as it was meant: minimatch takes what is not closed for plain characters, and a
 * policy that guards `src/[a-z` would guard nothing. null where all is closed. In a path a bracket and an extended
 * glob end at the segment's end.
 */
export function shapeProblem(pattern: string, hasSegments: boolean): string | null {
  const open: Open[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    switch (character) {
      case "\\":
        if (at === pattern.length - 1)
          return "the glob ends in a backslash that escapes nothing; write \\\\ for a backslash";
        at += 1;
        break;
      case "[": {
        const end = endOfClass(pattern, at, hasSegments);
        if (end === null) return unclosed("[", at, "]");
        const problem = classProblem(pattern.slice(at + 1, end));
        if (problem !== null) return problem;
        at = end;
        break;
      }
      case "{":
        open.push({ what: "brace", at });
        break;
      case "}":
        if (open.at(-1)?.what === "brace") open.pop();
        break;
      case "(":
        // A parenthesis by itself is a character, as in `build (linux)`.
        if (isExtended(pattern, at) || open.at(-1)?.what === "parenthesis")
          open.push({ what: "parenthesis", at });
        break;
      case ")":
        if (open.at(-1)?.what === "parenthesis") open.pop();
        break;
      case "/": {
        const parenthesis = open.find(({ what }) => what === "parenthesis");
        if (hasSegments && parenthesis !== undefined)
          return unclosed("(", parenthesis.at, ") before the /");
        break;
      }
    }
  }
  const last = open.at(-1);
  if (last === undefined) return null;
  return last.what === "brace" ? unclosed("{", last.at, "}") : unclosed("(", last.at, ")");
}

function isExtended(pattern: string, at: number): boolean {
  const before = pattern[at - 1];
  return before !== undefined && extended.includes(before) && pattern[at - 2] !== "\\";
}

const unclosed = (what: string, at: number, missing: string): string =>
  `the ${what} at character ${at + 1} is not closed, so the glob can never match as it is meant; add ${missing}, or write \\${what} for the character`;

/** Where the `]` stands that ends the class; a `]` that comes first in it is one of its characters. */
function endOfClass(pattern: string, start: number, hasSegments: boolean): number | null {
  let at = start + 1;
  if (pattern[at] === "!" || pattern[at] === "^") at += 1;
  const first = at;
  for (; at < pattern.length; at++) {
    if (pattern[at] === "\\") at += 1;
    else if (pattern.startsWith("[:", at)) {
      const end = pattern.indexOf(":]", at + 2);
      if (end > at) at = end + 1;
    } else if (pattern[at] === "/" && hasSegments) return null;
    else if (pattern[at] === "]" && at > first) return at;
  }
  return null;
}

/** A range that runs backwards holds no character. */
function classProblem(inside: string): string | null {
  for (const [range, from, to] of inside.matchAll(/([^\\\-[\]:])-([^\\\-[\]:])/gu))
    if (from !== undefined && to !== undefined && from > to)
      return `the range ${range} runs backwards and holds no character; write ${to}-${from}`;
  return null;
}
