import { RE2JS } from "re2js";
import { boundedCache } from "./bounded-cache.ts";

/** Longest regular expression a policy may hold, in characters. */
export const patternLength = 1_000;
/** Largest compiled program, in instructions: RE2's time is text length times this. */
const programSize = 600;
/** Longest text that is searched; GitHub's own limit for a pull-request body is 65,536. */
const textLength = 262_144;

type Compiled =
  | { readonly ok: true; readonly expression: RE2JS }
  | { readonly ok: false; readonly message: string };

function compile(source: string): Compiled {
  if (source === "") return { ok: false, message: "an empty pattern matches everything" };
  if (source.length > patternLength) {
    return {
      ok: false,
      message: `the pattern is ${source.length} characters long; at most ${patternLength} are allowed`,
    };
  }
  try {
    const expression = RE2JS.compile(source);
    if (expression.programSize() > programSize)
      return { ok: false, message: "the pattern repeats too much; make its {n} smaller" };
    return { ok: true, expression };
  } catch (error) {
    return {
      ok: false,
      message: `not an RE2 regular expression (no look-around, no back-references): ${reason(error)}`,
    };
  }
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(
    /^error parsing regexp: /,
    "",
  );
}

const compiled = boundedCache(1_000, compile);

/** What is wrong with a regular expression, in words; null for a good one. */
export function patternProblem(source: string): string | null {
  const result = compiled(source);
  return result.ok ? null : result.message;
}

/**
 * Whether the pattern is found anywhere in the text, in linear time whatever either says (threat T19).
 * A pattern that was never valid, or a text beyond any limit of GitHub's, matches nothing.
 */
export function matchesPattern(source: string, text: string): boolean {
  const result = compiled(source);
  if (!result.ok || text.length > textLength) return false;
  // GitHub's forms send \r\n; anybody who writes a $ means the end of the line all the same.
  return result.expression.matcher(text.replaceAll("\r\n", "\n")).find();
}
