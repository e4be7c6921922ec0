import type { ChangedFile } from "#core/facts/pull-request.ts";
import { folderGlobs } from "#core/formats/glob-folders.ts";
import { pathsMatching } from "#core/formats/glob.ts";
import { type Found, type PathTree, pathTree } from "#core/formats/path-tree.ts";

/** A renamed file counts under both names; a copy leaves its source untouched. */
export function namesOf(file: ChangedFile): readonly string[] {
  return file.previousPath !== undefined && file.status !== "copied"
    ? [file.path, file.previousPath]
    : [file.path];
}

/** Some of the names of one change's files. */
export type Names = Pick<Found, "has" | "size">;

/** Of the files of one change: every name, and which of them lists of globs match. */
interface Looked {
  readonly tree: PathTree;
  readonly matching: WeakMap<readonly string[], Names>;
  readonly guarded: WeakMap<readonly string[], Guarded>;
}

interface Guarded {
  readonly always: Names;
  readonly asOneLine: Names;
}

/** Every rule looks at the same files, and a policy's lists of globs stay the same. */
const looked = new WeakMap<readonly ChangedFile[], Looked>();

function lookAt(files: readonly ChangedFile[]): Looked {
  const known = looked.get(files);
  if (known !== undefined) return known;
  const names = files.flatMap(({ path, previousPath }) =>
    previousPath === undefined ? [path] : [path, previousPath],
  );
  const made: Looked = {
    tree: pathTree(names),
    matching: new WeakMap(),
    guarded: new WeakMap(),
  };
  looked.set(files, made);
  return made;
}

/** Names of the changed files that one of the globs matches, those of copies' sources included. */
export function namesMatching(patterns: readonly string[], files: readonly ChangedFile[]): Names {
  const { tree, matching } = lookAt(files);
  const known = matching.get(patterns);
  if (known !== undefined) return known;
  const made = pathsMatching(patterns, tree);
  matching.set(patterns, made);
  return made;
}

function namesGuarded(patterns: readonly string[], files: readonly ChangedFile[]): Guarded {
  const { tree, guarded } = lookAt(files);
  const known = guarded.get(patterns);
  if (known !== undefined) return known;
  const { named, open } = folderGlobs(patterns);
  const made: Guarded = {
    always: pathsMatching([...patterns, ...named], tree),
    asOneLine: pathsMatching(open, tree),
  };
  guarded.set(patterns, made);
  return made;
}

/** Git shows a submodule, and a link, as one line. */
const isOneLine = ({ additions, deletions }: ChangedFile): boolean =>
  additions <= 1 && deletions <= 1;

/**
 * Tells whether the globs cover a changed path: it matches, or it is a folder that they look into (a submodule's new
 * commit, a link). Only for conditions that require more, never for exemptions. null: they cover none of the files.
 */
export function guarding(
  patterns: readonly string[],
  files: readonly ChangedFile[],
): ((path: string, file: ChangedFile) => boolean) | null {
  const { always, asOneLine } = namesGuarded(patterns, files);
  if (asOneLine.size > 0)
    return (path, file) => always.has(path) || (isOneLine(file) && asOneLine.has(path));
  return always.size > 0 ? (path) => always.has(path) : null;
}
