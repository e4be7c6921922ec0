import type { Records } from "#core/ports/records.ts";

/** GitHub turns an unfinished check run `stale` after 14 days; a wait is renewed a day before. */
export const renewAfterMs = 13 * 86_400_000;

export interface Renewal {
  /** Part of the content's hash, so that a renewed wait is sent although its words are the same. */
  readonly round: number;
  /** A new check run is made instead of editing the old one, whose age GitHub counts. */
  readonly fresh: boolean;
}

/** Whether the unfinished check run on this target has to be made anew, and how often that happened before. */
export async function renewalOf(records: Records, key: string, now: number): Promise<Renewal> {
  const stored = await records.getValue(`waiting:${key}`);
  if (stored === null) return { round: 0, fresh: false };
  const [since = "0", round = "0"] = stored.split("/");
  if (now - Number(since) < renewAfterMs) return { round: Number(round), fresh: false };
  return { round: Number(round) + 1, fresh: true };
}

/** Notes when the unfinished check run that GitHub shows was made. */
export async function noteWaiting(
  records: Records,
  key: string,
  renewal: Renewal,
  now: number,
): Promise<void> {
  await records.changeValue(`waiting:${key}`, (stored) =>
    stored === null || renewal.fresh ? `${now}/${renewal.round}` : null,
  );
}
