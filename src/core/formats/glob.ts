import { Minimatch, type MinimatchOptions } from "minimatch";
import { boundedCache } from "./bounded-cache.ts";
import { mayMatch, outlineOf, type GlobOutline } from "./glob-outline.ts";
import { shapeProblem } from "./glob-shape.ts";
import { Found, type PathTree, rowsOf, type Rows, walk } from "./path-tree.ts";

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

/**
 * What a glob is tried on. Only file paths, branches and tags have segments that `*` stays inside; in every other name
 * (checks, labels, logins, environments, artifacts, statuses) a slash is a character like any other.
 */
export type GlobKind = "path" | "name";

/** `ignoreCase` is for names that GitHub itself compares so: labels, environments, logins, repositories. */
export interface NameOptions {
  readonly ignoreCase?: boolean;
}

type Compiled =
  | {
      readonly ok: true;
      readonly matcher: Minimatch;
      readonly outline: GlobOutline;
      /** For many paths at once; null where each has to be tried. */
      readonly rows: Rows | null;
      /** The same glob with the slash as a character; null where it is one of paths. */
      readonly flat: Minimatch | null;
    }
  | { readonly ok: false; readonly message: string };

/** No name of GitHub's and no glob of a policy holds control characters, so they can stand for something else in both. */
const slashAsCharacter = "\u0001";
const controlInText = "\u0002";
/** Before every name: else `*` would not match the names `.` and `..`, which are folders only in paths. */
const beginOfName = "\u0003";

const flattened = (text: string): string =>
  beginOfName + text.replace(/[\u0001-\u0003]/gu, controlInText).replaceAll("/", slashAsCharacter);

/**
 * GitHub writes the lists of a matrix into the names of its jobs: `build (ubuntu, [a, b])`. Brackets with a comma or a
 * blank between them, or around one letter or digit, are no class that anybody means: in names they are characters.
 */
const withPlainBrackets = (pattern: string): string =>
  pattern.replace(
    /\\.|\[(?=[^[\]\\]*[, ]|[0-9A-Za-z]\])([^[\]\\]*)\]/gu,
    (whole, inside: string | undefined) => (inside === undefined ? whole : `\\[${inside}\\]`),
  );

function compile(written: string, kind: GlobKind, nocase: boolean): Compiled {
  const message = globProblemOf(written, kind);
  if (message !== null) return { ok: false, message };
  const pattern = kind === "name" ? withPlainBrackets(written) : written;
  try {
    const matcher = new Minimatch(pattern, { ...options, nocase });
    const flat = kind === "path" ? null : new Minimatch(flattened(pattern), { ...options, nocase });
    return kind === "path"
      ? { ok: true, matcher, outline: outlineOf(matcher), rows: rowsOf(matcher), flat }
      : { ok: true, matcher, outline: null, rows: null, flat };
  } catch (error) {
    return {
      ok: false,
      message: `not a glob: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function globProblemOf(pattern: string, kind: GlobKind): string | null {
  if (pattern === "") return "an empty glob matches nothing";
  if (pattern.length > globLength)
    return `the glob is ${pattern.length} characters long; at most ${globLength} are allowed`;
  if (hasControl(pattern)) return "the glob holds a control character";
  return shapeProblem(pattern, kind === "path");
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32) return true;
  return false;
}

const paths = boundedCache(2_000, (pattern) => compile(pattern, "path", false));
const names = boundedCache(2_000, (pattern) => compile(pattern, "name", false));
const caselessNames = boundedCache(2_000, (pattern) => compile(pattern, "name", true));

/** What is wrong with a glob, in words; null for a good one. */
export function globProblem(pattern: string, kind: GlobKind): string | null {
  const compiled = kind === "path" ? paths(pattern) : names(pattern);
  return compiled.ok ? null : compiled.message;
}

/** Whether it may mean more than the one name that it spells. */
export function isPattern(glob: string): boolean {
  const compiled = names(glob);
  return compiled.ok && (compiled.matcher.hasMagic() || compiled.matcher.set.length > 1);
}

/**
 * Whether a file path, branch or tag matches a glob (minimatch: `*` stays inside one path segment, `**` crosses them).
 * A glob that was never valid matches nothing; policies are validated before they are used.
 */
export const matchesPath = (pattern: string, path: string): boolean =>
  matches(pattern, paths(pattern), path);

/** Whether any other name matches a glob: `*` matches a slash too. What it matches as a path it matches as a name. */
export const matchesName = (
  pattern: string,
  name: string,
  { ignoreCase = false }: NameOptions = {},
): boolean => matches(pattern, ignoreCase ? caselessNames(pattern) : names(pattern), name);

function matches(pattern: string, compiled: Compiled, text: string): boolean {
  if (pattern === text) return pattern !== "";
  return (
    compiled.ok &&
    text.length <= textLength &&
    mayMatch(compiled.outline, text) &&
    (compiled.matcher.match(text) || compiled.flat?.match(flattened(text)) === true)
  );
}

/** Which of many paths any of the globs matches, as `matchesAnyPath` says it of each. */
export function pathsMatching(patterns: readonly string[], tree: PathTree): Found {
  const found = new Found(tree);
  for (const pattern of patterns) {
    const compiled = paths(pattern);
    const rows = compiled.ok ? compiled.rows : null;
    if (rows !== null) walk(tree, rows, found);
    const spelt = pattern === "" ? undefined : tree.paths.get(pattern);
    if (spelt !== undefined) found.add(spelt);
    if (compiled.ok)
      for (const path of rows === null ? tree.paths.keys() : tree.odd)
        if (matches(pattern, compiled, path)) found.add(tree.paths.get(path) ?? 0);
  }
  return found;
}

type CompiledList = readonly { readonly pattern: string; readonly compiled: Compiled }[];
type Lists = WeakMap<readonly string[], CompiledList>;

/** A policy's lists are tried on thousands of paths each: their globs are looked up once. */
const pathLists: Lists = new WeakMap();
const nameLists: Lists = new WeakMap();
const caselessNameLists: Lists = new WeakMap();

export const matchesAnyPath = (patterns: readonly string[], path: string): boolean =>
  matchesAny(patterns, path, pathLists, paths);

export const matchesAnyName = (
  patterns: readonly string[],
  name: string,
  { ignoreCase = false }: NameOptions = {},
): boolean =>
  ignoreCase
    ? matchesAny(patterns, name, caselessNameLists, caselessNames)
    : matchesAny(patterns, name, nameLists, names);

function matchesAny(
  patterns: readonly string[],
  text: string,
  lists: Lists,
  compiled: (pattern: string) => Compiled,
): boolean {
  let list = lists.get(patterns);
  if (list === undefined) {
    list = patterns.map((pattern) => ({ pattern, compiled: compiled(pattern) }));
    lists.set(patterns, list);
  }
  for (const { pattern, compiled } of list) if (matches(pattern, compiled, text)) return true;
  return false;
}
