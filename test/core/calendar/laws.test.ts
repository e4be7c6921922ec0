import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerWhen } from "#core/calendar/answer-when.ts";
import { freezeAt } from "#core/calendar/freeze.ts";
import { endOfOpening, intervals, nextOpening } from "#core/calendar/next-opening.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import { windowAt } from "#core/calendar/window.ts";
import { anEvent, anIcs, compiled, ms } from "./a-schedule.ts";

const minuteMs = 60_000;
const earliestMs = ms("2026-01-01T00:00:00Z");
const latestMs = ms("2028-01-01T00:00:00Z");

const holidaysIcs = anIcs(
  ...anEvent("UID:1", "DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY"),
  ...anEvent(
    "UID:2",
    "DTSTART;VALUE=DATE:20260501",
    "DTEND;VALUE=DATE:20260503",
    "RRULE:FREQ=YEARLY",
  ),
  ...anEvent(
    "UID:3",
    "DTSTART;TZID=America/New_York:20260102T220000",
    "DTEND;TZID=America/New_York:20260103T060000",
    "RRULE:FREQ=WEEKLY;BYDAY=FR,SU",
  ),
);

const zone = fc.constantFrom(
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "America/St_Johns",
  "Asia/Kolkata",
  "UTC",
);
const two = (value: number): string => String(value).padStart(2, "0");
const time = fc
  .integer({ min: 0, max: 1439 })
  .map((minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`);
const local = fc
  .integer({ min: earliestMs / minuteMs, max: latestMs / minuteMs })
  .map((minute) => new Date(minute * minuteMs).toISOString().slice(0, 16));
const weekly = fc.record({
  days: fc.uniqueArray(
    fc.constantFrom("mon" as const, "tue" as const, "wed" as const, "sat" as const, "sun" as const),
    { minLength: 1 },
  ),
  from: time,
  to: time,
});
const cron = fc.record({
  cron: fc.constantFrom(
    "0 9 * * *",
    "*/45 1-3 * * *",
    "30 2 * * 0",
    "0 0 1 * *",
    "15 22 13 * 5",
    "* 10 * * 1",
    "0 */6 31 * *",
  ),
  duration: fc.constantFrom("1m", "30m", "6h", "2d"),
});
const interval = fc
  .tuple(local, local)
  .filter(([left, right]) => left !== right)
  .map(([left, right]) =>
    left < right ? { from: left, until: right } : { from: right, until: left },
  );
const monthEnd = fc
  .integer({ min: 1, max: 5 })
  .map((count) => ({ month_end: { last_business_days: count, calendar: "holidays" } }));
const ics = fc.constant({ ics: "events.ics" });
const form = fc.oneof({ weight: 3, arbitrary: weekly }, cron, interval, monthEnd, ics);
const times = fc.uniqueArray(form, {
  minLength: 1,
  maxLength: 3,
  selector: (written) => JSON.stringify(written),
});

const policy = fc.record({
  calendars: fc.record({ holidays: zone.map((timezone) => ({ ics: "events.ics", timezone })) }),
  windows: fc.record({
    a: fc.record({ timezone: zone, open: times, except: fc.constantFrom([], ["holidays"]) }),
    b: fc.record({ timezone: zone, open: times }),
    c: fc.record({ timezone: zone, open: times }),
  }),
  freezes: fc.tuple(zone, times, zone, times).map(([zoneX, duringX, zoneY, duringY]) => [
    { name: "x", timezone: zoneX, during: duringX },
    { name: "y", timezone: zoneY, during: duringY },
  ]),
});

const question = { windows: [["a", "b"], ["c"]], freezes: ["x", "y"] };
const instant = fc
  .integer({ min: earliestMs / minuteMs, max: latestMs / minuteMs })
  .map((minute) => minute * minuteMs);

function fresh(
  written: Parameters<typeof compiled>[0],
  file: string | undefined = holidaysIcs,
): Schedule {
  return compiled(written, { "events.ics": file }).schedule;
}

function isOpen(schedule: Schedule, at: number): boolean {
  const windows = question.windows.every((names) =>
    names.some((name) => windowAt(schedule, name, at).open === true),
  );
  return windows && question.freezes.every((name) => freezeAt(schedule, name, at).on === false);
}

describe("laws of the calendar", () => {
  it("a freeze beats a window, and every list needs one open window", () => {
    fc.assert(
      fc.property(policy, instant, (written, at) => {
        const schedule = fresh(written);
        expect(answerWhen(schedule, { environment: "production", ...question, at }).open).toBe(
          isOpen(schedule, at),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("the next opening is open, and nothing before it is", () => {
    fc.assert(
      fc.property(policy, instant, (written, after) => {
        const schedule = fresh(written);
        const horizon = after + 40 * 86_400_000;
        const next = nextOpening(schedule, question, after, horizon);
        expect(next.kind).not.toBe("unknown");
        const end = next.kind === "at" ? next.at : horizon;
        if (next.kind === "at") {
          expect(isOpen(schedule, next.at)).toBe(true);
          expect(next.at === after || !isOpen(schedule, next.at - 1)).toBe(true);
        }
        const step = Math.max(minuteMs, Math.floor((end - after) / 400 / minuteMs) * minuteMs);
        for (let at = after; at < end; at += step) expect(isOpen(schedule, at)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it("openings are half-open, disjoint and maximal, and end where they say", () => {
    fc.assert(
      fc.property(policy, instant, (written, from) => {
        const schedule = fresh(written);
        const until = from + 20 * 86_400_000;
        let last = Number.NEGATIVE_INFINITY;
        for (const { start, end } of intervals(schedule, question, from, until)) {
          expect(start).toBeGreaterThan(last);
          expect(start).toBeLessThan(end);
          expect([
            isOpen(schedule, start),
            isOpen(schedule, end - 1),
            end === until || !isOpen(schedule, end),
          ]).toEqual([true, true, true]);
          expect(endOfOpening(schedule, question, start, until)).toBe(end);
          last = end;
        }
      }),
      { numRuns: 50 },
    );
  });

  it("what was asked before changes no answer", () => {
    fc.assert(
      fc.property(
        policy,
        fc.array(instant, { minLength: 2, maxLength: 6 }),
        (written, instants) => {
          const forward = fresh(written);
          const backward = fresh(written);
          const ask = (schedule: Schedule, at: number) =>
            ["a", "b", "c"].map((name) => windowAt(schedule, name, at)).concat();
          const first = instants.map((at) => ask(forward, at));
          const second = [...instants]
            .reverse()
            .map((at) => ask(backward, at))
            .reverse();
          expect(first).toEqual(second);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("nextChange is the first instant at which the answer differs", () => {
    fc.assert(
      fc.property(policy, instant, (written, at) => {
        const schedule = fresh(written);
        const now = windowAt(schedule, "a", at);
        const change = now.nextChange ?? at + 30 * 86_400_000;
        if (now.nextChange !== undefined)
          expect([
            windowAt(schedule, "a", change).open,
            windowAt(schedule, "a", change - 1).open,
          ]).toEqual([!now.open, now.open]);
        const step = Math.max(minuteMs, Math.floor((change - at) / 200 / minuteMs) * minuteMs);
        for (let sample = at; sample < change; sample += step)
          expect(windowAt(schedule, "a", sample).open).toBe(now.open);
      }),
      { numRuns: 50 },
    );
  });

  it("T47: a form never permits as a window what it does not hold as a freeze, clock changes included", () => {
    fc.assert(
      fc.property(zone, times, instant, (timezone, written, at) => {
        const schedule = fresh({
          calendars: { holidays: { ics: "events.ics", timezone } },
          windows: { w: { timezone, open: written } },
          freezes: [{ name: "f", timezone, during: written }],
        });
        if (windowAt(schedule, "w", at).open === true)
          expect(freezeAt(schedule, "f", at).on).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("a file that cannot be read only ever takes openings away", () => {
    fc.assert(
      fc.property(
        policy,
        instant,
        fc.constantFrom(
          undefined,
          "garbage",
          "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Mars/Olympus:20260101T000000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ),
        (written, at, file) => {
          const good = fresh(written, anIcs());
          const bad = compiled(written, { "events.ics": file });
          expect(bad.problems.some(({ severity }) => severity === "error")).toBe(true);
          const answer = answerWhen(bad.schedule, { environment: "production", ...question, at });
          if (answer.open) expect(isOpen(good, at)).toBe(true);
          const next = nextOpening(bad.schedule, question, at, at + 30 * 86_400_000);
          if (next.kind === "at") expect(isOpen(bad.schedule, next.at)).toBe(true);
        },
      ),
      { numRuns: 80 },
    );
  });
});
