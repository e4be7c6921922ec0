import type { WorkItem } from "#core/ports/queue.ts";

/**
 * When a row is due next. `firmAt`: the earliest mark that does not settle (marks without `settleMs`, wake-ups,
 * retries). `settlingAt`: due time of a burst of marks, which moves on while the burst lasts; it began at
 * `settlingSince`, and its last mark was made at `settlingLast`.
 */
export interface DueTimes {
  readonly firmAt: number | null;
  readonly settlingAt: number | null;
  readonly settlingSince: number | null;
  readonly settlingLast: number | null;
}

export const noDueTimes: DueTimes = {
  firmAt: null,
  settlingAt: null,
  settlingSince: null,
  settlingLast: null,
};

/** A burst without a stated end is run after this many of its settling times at the latest. */
const settlingTimesAtMost = 10;

const earliest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

/** The instant at which the row is due; null when nothing is marked. */
export const dueAt = (times: DueTimes): number | null => earliest(times.firmAt, times.settlingAt);

export const withFirmTime = (times: DueTimes, at: number): DueTimes => ({
  ...times,
  firmAt: earliest(times.firmAt, at),
});

/** Adds a mark made at `now`. */
export function withMark(
  times: DueTimes,
  item: Pick<WorkItem, "runAt" | "settleMs" | "settleAtMost">,
  now: number,
): DueTimes {
  if (item.settleMs === undefined) return withFirmTime(times, item.runAt);
  const { settlingAt, settlingSince, settlingLast } = times;
  if (settlingAt === null || settlingSince === null || settlingLast === null) {
    return { ...times, settlingAt: item.runAt, settlingSince: now, settlingLast: now };
  }
  // The burst had ended and its row only waits for a worker: a new mark does not move it back.
  if (now - settlingLast > item.settleMs)
    return { ...times, settlingAt: Math.min(settlingAt, item.runAt), settlingLast: now };
  const movedOn = Math.max(settlingAt, item.runAt, now + item.settleMs);
  const latest = settlingSince + (item.settleAtMost ?? settlingTimesAtMost * item.settleMs);
  return {
    ...times,
    settlingAt: Math.max(settlingAt, Math.min(movedOn, latest)),
    settlingLast: now,
  };
}
