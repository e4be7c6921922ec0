import type { PatchFigure, UnseenFile } from "#core/facts/coverage.ts";
import { matchesAnyPath } from "#core/formats/glob.ts";

/** What of a patch counts. `percent` null: no line that counts was added. */
export interface PatchShare {
  readonly percent: number | null;
  readonly covered: number | null;
  readonly valid: number | null;
  /** Files whose lines should have been measured and were not; they count as uncovered. */
  readonly unseen: readonly UnseenFile[];
}

/**
 * Added lines without a measurement count as uncovered: a new file that no test loads is in no report, and must not
 * look fully covered.
 */
export function patchShare(patch: PatchFigure, ignore: readonly string[]): PatchShare {
  const unseen = patch.unseen.filter(
    (file) => file.why === "unreadable" || !matchesAnyPath(ignore, file.path),
  );
  if (patch.covered === null || patch.valid === null)
    return { percent: patch.percent, covered: null, valid: null, unseen };
  const valid = patch.valid + unseen.reduce((sum, file) => sum + file.lines, 0);
  return {
    percent: valid === 0 ? null : (patch.covered / valid) * 100,
    covered: patch.covered,
    valid,
    unseen,
  };
}
