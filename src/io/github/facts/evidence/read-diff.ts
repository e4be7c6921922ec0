import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import { listFiles } from "../list-files.ts";
import type { RestFile } from "../parse-files.ts";
import type { PullSource } from "../subject-source.ts";

/**
 * A new file whose patch GitHub leaves out for its size still has lines that are all added; a removed file has none.
 * What else has no patch is left so, and is seen to be unreadable.
 */
export function patchedFile(row: RestFile): ChangedFile {
  const additions = row.status === "removed" ? 0 : row.additions;
  const patch =
    row.patch ??
    (row.status === "added" && additions > 0 && additions < 1_000_000
      ? `@@ -0,0 +1,${additions} @@\n${"+\n".repeat(additions)}`
      : undefined);
  return { path: row.filename, additions, ...(patch === undefined ? {} : { patch }) };
}

/** Every changed file with its patch; complete or "incomplete". */
export const readDiff = (source: PullSource): Promise<readonly ChangedFile[]> =>
  listFiles(source, "the diff", patchedFile);
