import type { ChangedFile } from "#core/facts/pull-request.ts";
import { mayBeFolderOf } from "#core/formats/glob-folders.ts";
import { matchesAnyPath } from "#core/formats/glob.ts";

/** A renamed file counts under both names; a copy leaves its source untouched. */
export function namesOf(file: ChangedFile): readonly string[] {
  return file.previousPath !== undefined && file.status !== "copied"
    ? [file.path, file.previousPath]
    : [file.path];
}

/** Git shows a submodule, and a link, as one line. */
const isOneLine = ({ additions, deletions }: ChangedFile): boolean =>
  additions <= 1 && deletions <= 1;

/**
 * Whether a name of a changed file is guarded by the globs: it matches, or it is a folder that they look into (a new commit
 * of a submodule, a link that leads elsewhere). For what asks for more, never for what lets off.
 */
export const isGuarded = (patterns: readonly string[], path: string, file: ChangedFile): boolean =>
  matchesAnyPath(patterns, path) || mayBeFolderOf(patterns, path, { isOneLine: isOneLine(file) });
