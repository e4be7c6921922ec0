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
 * Whether the globs cover a changed path: it matches, or it is a folder that they look into (a submodule's new
 * commit, a link). Only for conditions that require more, never for exemptions.
 */
export const isGuarded = (patterns: readonly string[], path: string, file: ChangedFile): boolean =>
  matchesAnyPath(patterns, path) || mayBeFolderOf(patterns, path, { isOneLine: isOneLine(file) });
