import type { ChangedFile } from "#core/facts/pull-request.ts";

/** A renamed file counts under both names; a copy leaves its source untouched. */
export function namesOf(file: ChangedFile): readonly string[] {
  return file.previousPath !== undefined && file.status !== "copied"
    ? [file.path, file.previousPath]
    : [file.path];
}
