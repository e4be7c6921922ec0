import type { WorkItem } from "#core/ports/queue.ts";

/**
 * When a row is wanted next. `firmAt`: the earliest wish that does not settle (marks without `settleMs`, wake-ups, retries).
 * `settlingAt`: a burst of wishes that moves on while it lasts, since `settlingSince`, last wished at `settlingLast`.
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

/** The instant at which the row is due; null when nothing is wished. */
export const dueAt = (wishes: DueTimes): number | null =>
  earliest(wishes.firmAt, wishes.settlingAt);

export const withFirmTime = (wishes: DueTimes, at: number): DueTimes => ({
  ...wishes,
  firmAt: earliest(wishes.firmAt, at),
});

/** Adds a mark made at `now`. */
export function withMark(
  wishes: DueTimes,
  item: Pick<WorkItem, "runAt" | "settleMs" | "settleAtMost">,
  now: number,
): DueTimes {
  if (item.settleMs === undefined) return withFirmTime(wishes, item.runAt);
  const { settlingAt, settlingSince, settlingLast } = wishes;
  if (settlingAt === null || settlingSince === null || settlingLast === null) {
    return { ...wishes, settlingAt: item.runAt, settlingSince: now, settlingLast: now };
  }
  // The burst was over: its row only waits for a worker, and a newcomer does not send it back in the line.
  if (now - settlingLast > item.settleMs)
    return { ...wishes, settlingAt: Math.min(settlingAt, item.runAt), settlingLast: now };
  const movedOn = Math.max(settlingAt, item.runAt, now + item.settleMs);
  const latest = settlingSince + (item.settleAtMost ?? settlingTimesAtMost * item.settleMs);
  return {
    ...wishes,
    settlingAt: Math.max(settlingAt, Math.min(movedOn, latest)),
    settlingLast: now,
  };
}
