import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dueAt,
  noDueTimes,
  withMark,
  withFirmTime,
  type DueTimes,
} from "#io/database/queue/due-times.ts";

describe("when a row is due", () => {
  it.each([
    ["nothing wished", noDueTimes, null],
    ["one firm wish", withMark(noDueTimes, { runAt: 50 }, 10), 50],
    [
      "the earlier of two firm wishes",
      withMark(withMark(noDueTimes, { runAt: 50 }, 10), { runAt: 90 }, 20),
      50,
    ],
    [
      "a first settling wish: when it says",
      withMark(noDueTimes, { runAt: 1010, settleMs: 1000 }, 10),
      1010,
    ],
    [
      "a second one within the time: moved on",
      withMark(
        withMark(noDueTimes, { runAt: 1000, settleMs: 1000 }, 0),
        { runAt: 1500, settleMs: 1000 },
        500,
      ),
      1500,
    ],
    [
      "also when it asks for now",
      withMark(
        withMark(noDueTimes, { runAt: 1000, settleMs: 1000 }, 0),
        { runAt: 500, settleMs: 1000 },
        500,
      ),
      1500,
    ],
    [
      "one after the time: not moved",
      withMark(
        withMark(noDueTimes, { runAt: 1000, settleMs: 1000 }, 0),
        { runAt: 3000, settleMs: 1000 },
        2000,
      ),
      1000,
    ],
    [
      "a wake-up before the burst ends",
      withFirmTime(withMark(noDueTimes, { runAt: 1000, settleMs: 1000 }, 0), 300),
      300,
    ],
  ])("%s", (_name, wishes, at) => {
    expect(dueAt(wishes)).toBe(at);
  });

  it("never waits beyond first wish + settleAtMost, and marks never make a firm wish later", () => {
    const steps = fc.array(
      fc.record({ after: fc.nat(2000), delay: fc.nat(1500), firm: fc.boolean() }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 0, max: 9000 }),
        (marks, settleMs, settleAtMost) => {
          let now = 0;
          let wishes: DueTimes = noDueTimes;
          let firstSettling: { readonly at: number; readonly runAt: number } | null = null;
          let earliestFirm: number | null = null;
          for (const mark of marks) {
            now += mark.after;
            const runAt = now + mark.delay;
            if (mark.firm) earliestFirm = Math.min(earliestFirm ?? runAt, runAt);
            else firstSettling ??= { at: now, runAt };
            wishes = withMark(
              wishes,
              mark.firm ? { runAt } : { runAt, settleMs, settleAtMost },
              now,
            );
            const due = dueAt(wishes);
            if (due === null) return false;
            if (earliestFirm !== null && due > earliestFirm) return false;
            // The first wish's own time stands even where it is later than the bound.
            if (
              firstSettling !== null &&
              due > Math.max(firstSettling.runAt, firstSettling.at + settleAtMost)
            )
              return false;
          }
          return true;
        },
      ),
    );
  });
});
