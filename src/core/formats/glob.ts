import { Minimatch, type MinimatchOptions } from "minimatch";
import { boundedCache } from "./bounded-cache.ts";
import { mayMatch, outlineOf, type GlobOutline } from "./glob-outline.ts";

/** Longest glob a policy may hold, in characters. */
export const globLength = 512;
/** Longest text a glob is tried on: beyond what Git and GitHub allow as a path, branch, label or login. */
const textLength = 8_192;

const options: MinimatchOptions = {
  // Branches, labels and dotfiles are ordinary names here: `*` means them too, and `!` and `#` are characters.
  dot: true,
  nonegate: true,
  nocomment: true,
  // The same answer on every machine; on Windows a backslash would become a separator.
  platform: "linux",
  // Hostile input: braces multiply, globstars backtrack.
  braceExpandMax: 256,
  maxGlobstarRecursion: 16,
};

/** `ignoreCase` is for names that GitHub itself compares so: labels, environments, logins, repositories. */
export interface GlobOptions {
  readonly ignoreCase?: boolean;
}

type Compiled =
  | { readonly ok: true; readonly matcher: Minimatch; readonly outline: GlobOutline }
  | { readonly ok: false; readonly message: string };

function compile(pattern: string, nocase: boolean): Compiled {
  if (pattern === "") return { ok: false, message: "an empty glob matches nothing" };
  if (pattern.length > globLength) {
    return {
      ok: false,
      message: `the glob is ${pattern.length} characters long; at most ${globLength} are allowed`,
    };
  }
  if (hasControl(pattern)) return { ok: false, message: "the glob holds a control character" };
  try {
    const matcher = new Minimatch(pattern, { ...options, nocase });
    return { ok: true, matcher, outline: outlineOf(matcher) };
  } catch (error) {
    return {
      ok: false,
      message: `not a glob: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32) return true;
  return false;
}

const exact = boundedCache(2_000, (pattern) => compile(pattern, false));
const caseless = boundedCache(2_000, (pattern) => compile(pattern, true));

/** What is wrong with a glob, in words; null for a good one. */
export function globProblem(pattern: string): string | null {
  const compiled = exact(pattern);
  return compiled.ok ? null : compiled.message;
}

/**
 * Whether a name matches a glob (minimatch: `*` stays inside one path segment, `**` crosses them).
 * A glob that was never valid matches nothing; policies are validated before they are used.
 */
export function matchesGlob(
  pattern: string,
  text: string,
  { ignoreCase = false }: GlobOptions = {},
): boolean {
  return matches(pattern, ignoreCase ? caseless(pattern) : exact(pattern), text);
}

function matches(pattern: string, compiled: Compiled, text: string): boolean {
  if (pattern === text) return pattern !== "";
  return (
    compiled.ok &&
    text.length <= textLength &&
    mayMatch(compiled.outline, text) &&
    compiled.matcher.match(text)
  );
}

type CompiledList = readonly { readonly pattern: string; readonly compiled: Compiled }[];

/** A policy's lists are tried on thousands of paths each: their globs are looked up once. */
const exactLists = new WeakMap<readonly string[], CompiledList>();
const caselessLists = new WeakMap<readonly string[], CompiledList>();

export function matchesAnyGlob(
  patterns: readonly string[],
  text: string,
  { ignoreCase = false }: GlobOptions = {},
): boolean {
  const lists = ignoreCase ? caselessLists : exactLists;
  let list = lists.get(patterns);
  if (list === undefined) {
    const compile = ignoreCase ? caseless : exact;
    list = patterns.map((pattern) => ({ pattern, compiled: compile(pattern) }));
    lists.set(patterns, list);
  }
  for (const { pattern, compiled } of list) if (matches(pattern, compiled, text)) return true;
  return false;
}
