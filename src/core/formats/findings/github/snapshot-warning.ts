/**
 * What GitHub warns of beside a comparison of dependencies.
 * - `none`: the commit has no submitted snapshot; so it is where one is still to come, and where nobody submits any.
 * - `differ`: the two commits have different numbers of them, so one of them lacks some.
 * - `other`: words that nobody knew when this was written.
 */
export interface SnapshotWarning {
  readonly kind: "none" | "differ" | "other";
  readonly text: string;
}

const differs =
  /number of snapshots compared for the base SHA \(\d+\) and the head SHA \(\d+\) do not match/i;
const isMissing = /^No snapshots were found for the head SHA\b[^.]*\.?$/i;

/** null: GitHub warns of nothing. */
export function readSnapshotWarning(warning: string): SnapshotWarning | null {
  const text = warning.trim().replace(/\s+/g, " ").slice(0, 300);
  if (text === "") return null;
  return { kind: isMissing.test(text) ? "none" : differs.test(text) ? "differ" : "other", text };
}
