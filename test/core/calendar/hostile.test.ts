import { describe, expect, it } from "vitest";
import { answerWhen } from "#core/calendar/answer-when.ts";
import { closingsOf } from "#core/calendar/closings.ts";
import { freezeAt } from "#core/calendar/freeze.ts";
import { readIcs } from "#core/calendar/ics.ts";
import { lintTimes } from "#core/calendar/lint.ts";
import { nextOpening } from "#core/calendar/next-opening.ts";
import type { Schedule } from "#core/calendar/schedule.ts";
import { windowAt } from "#core/calendar/window.ts";
import { anEvent, anIcs, compiled, ms, parsed } from "./a-schedule.ts";

const longest = 250;
const now = ms("2026-03-02T12:00:00Z");
const later = ms("2036-03-01T00:00:00Z");

const events = (count: number, ...lines: readonly string[]): string =>
  anIcs(...Array.from({ length: count }, (_, index) => anEvent(`UID:${index}`, ...lines)).flat());
const times = (count: number, of: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => of(index));
const two = (value: number): string => String(value).padStart(2, "0");

/** Each within the limits of size, lines and events. */
const hostile: Readonly<Record<string, string>> = {
  "every ten seconds, 2,000 times": events(
    2_000,
    "DTSTART:20260101T000000Z",
    "DURATION:PT1S",
    "RRULE:FREQ=HOURLY;BYMINUTE=0,10,20,30,40,50;BYSECOND=0,10,20,30,40,50",
  ),
  "400 weekly events": events(
    400,
    "DTSTART:20260101T000000Z",
    "DURATION:PT1S",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE",
  ),
  "rules that never make a day": events(
    400,
    "DTSTART:20260101T000000Z",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
  ),
  "rules that only skip": events(400, "DTSTART:20260101T000000Z", "RRULE:FREQ=DAILY;INTERVAL=9999"),
  "rules counted from long ago": events(
    400,
    "DTSTART:19700101T000000Z",
    "RRULE:FREQ=DAILY;COUNT=20000",
  ),
  "starts and ends on different walls": events(
    400,
    "DTSTART;TZID=Europe/Berlin:20260101T000000",
    "DTEND;TZID=America/New_York:20260101T000000",
    "RRULE:FREQ=DAILY",
  ),
  "the last day of each year of 365": events(
    400,
    "DTSTART:19700101T000000Z",
    "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1",
  ),
  "a year long, every day": events(
    400,
    "DTSTART:20260101T000000Z",
    "DURATION:P365D",
    "RRULE:FREQ=DAILY",
  ),
  "half a day long, every hour": events(
    200,
    "DTSTART:20260101T000000Z",
    "DURATION:PT13H",
    "RRULE:FREQ=HOURLY",
  ),
  "20,000 dates of one event": anIcs(
    ...anEvent(
      "UID:1",
      "DTSTART:20260101T000000Z",
      "DURATION:PT1S",
      "RRULE:FREQ=DAILY",
      `RDATE:${times(19_999, (index) => `20260101T${two(index % 24)}${two(index % 60)}00Z`).join(",")}`,
    ),
  ),
  "900 replacements of all that follows": anIcs(
    ...anEvent("UID:1", "DTSTART:20200101T000000Z", "DURATION:PT1S", "RRULE:FREQ=HOURLY"),
    ...times(900, (index) => two(index % 24)).flatMap((hour, index) =>
      anEvent(
        "UID:1",
        `RECURRENCE-ID;RANGE=THISANDFUTURE:202601${two(1 + (index % 28))}T${hour}0000Z`,
        `DTSTART:202601${two(1 + (index % 28))}T${hour}0100Z`,
        "DURATION:PT1S",
      ),
    ),
  ),
  "2,000 single events": anIcs(
    ...times(2_000, (index) => `2026${two(1 + (index % 12))}${two(1 + (index % 28))}`).flatMap(
      (day, index) => anEvent(`UID:${index}`, `DTSTART:${day}T${two(index % 24)}0000Z`),
    ),
  ),
  "a zone of its own for each event": anIcs(
    ...times(300, String).flatMap((zone) => [
      "BEGIN:VTIMEZONE",
      `TZID:Z${zone}`,
      "BEGIN:STANDARD",
      "DTSTART:19701025T030000",
      "RRULE:FREQ=YEARLY;BYDAY=SU",
      "TZOFFSETFROM:+0200",
      "TZOFFSETTO:+0100",
      "END:STANDARD",
      "END:VTIMEZONE",
      ...anEvent(`UID:${zone}`, `DTSTART;TZID=Z${zone}:20260101T000000`, "RRULE:FREQ=DAILY"),
    ]),
  ),
  "nothing but properties": anIcs(...anEvent("UID:1", ...times(19_900, () => "X:"))),
  "nothing but components": anIcs(...times(9_900, () => "BEGIN:A\r\nEND:A")),
};

const opened = { days: ["mon", "wed"], from: "00:00", to: "24:00" };
const policyOver = (files: number): Readonly<Record<string, unknown>> => ({
  windows: {
    w: { timezone: "Europe/Berlin", open: opened, except: ["c"] },
    end: {
      timezone: "UTC",
      open: { month_end: { last_business_days: 2, calendar: "c" } },
    },
    own: { timezone: "UTC", open: { ics: "hostile.ics" } },
  },
  calendars: { c: { timezone: "UTC", ics: "hostile.ics" } },
  freezes: times(files, (index) => `f${index}`).map((name) => ({
    name,
    timezone: "Europe/Berlin",
    during: { ics: "hostile.ics" },
  })),
});

const over = (text: string, files: number): Schedule =>
  compiled(policyOver(files), { "hostile.ics": text }).schedule;
const names = (schedule: Schedule): readonly string[] => [...schedule.freezes.keys()];

const questions: readonly (readonly [string, number, (schedule: Schedule) => unknown])[] = [
  ["a freeze", 1, (schedule) => freezeAt(schedule, "f0", now)],
  ["a month's end with a calendar", 1, (schedule) => windowAt(schedule, "end", now)],
  [
    "all of 20 freezes",
    20,
    (schedule) => names(schedule).map((name) => freezeAt(schedule, name, now)),
  ],
  [
    "the next opening",
    20,
    (schedule) => nextOpening(schedule, { windows: [["w"]], freezes: names(schedule) }, now, later),
  ],
  ["what calendars close", 1, (schedule) => closingsOf(schedule, ["w"], now, later)],
  [
    "gatehouse when",
    2,
    (schedule) =>
      answerWhen(schedule, { environment: "e", at: now, windows: [["w"]], freezes: ["f0", "f1"] }),
  ],
  ["the linter", 1, (schedule) => lintTimes(parsed(policyOver(1)), schedule, now)],
];

/** The least CPU time of several runs: the first compiles the code. */
function shortest<T>(prepare: () => T, run: (from: T) => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4 && least > longest; attempt += 1) {
    const from = prepare();
    const before = process.cpuUsage();
    run(from);
    least = Math.min(least, process.cpuUsage(before).user / 1_000);
  }
  return least;
}

describe.each(Object.entries(hostile))("a hostile calendar: %s", (_name, text) => {
  it(`is read, and every question answered, within ${longest} ms`, { timeout: 60_000 }, () => {
    const read = shortest(
      () => text,
      (source) => readIcs(source),
    );
    expect(["reading", Math.min(read, longest)]).toEqual(["reading", read]);
    for (const [question, files, ask] of questions) {
      const taken = shortest(() => over(text, files), ask);
      expect([question, Math.min(taken, longest)]).toEqual([question, taken]);
    }
  });
});

it.each(["every ten seconds, 2,000 times", "half a day long, every hour"])(
  "%s: has the same answers whatever was asked before",
  (name) => {
    const text = hostile[name] ?? "";
    const warm = over(text, 2);
    for (const [, , ask] of questions) ask(warm);
    for (const [, , ask] of questions) expect(ask(warm)).toEqual(ask(over(text, 2)));
  },
);

describe("a question that costs more than one may", () => {
  const dense = hostile["every ten seconds, 2,000 times"] ?? "";
  const shared = anIcs(
    ...times(60, String).flatMap((uid) =>
      anEvent(
        `UID:${uid}`,
        "DTSTART:20200101T090000Z",
        "DURATION:PT10M",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
      ),
    ),
  );

  it("is unknown, names the calendar and holds", () => {
    expect(freezeAt(over(dense, 1), "f0", now + 5_500)).toMatchObject({
      on: "unknown",
      because: expect.stringMatching(/hostile\.ics: event "without a name" repeats too often/),
    });
    expect(windowAt(over(dense, 1), "own", now)).toMatchObject({ open: "unknown" });
  });

  it("is answered for now where only the years ahead cost too much, and says from when on nobody knows", () => {
    const schedule = over(shared, 1);
    expect(freezeAt(schedule, "f0", now)).toMatchObject({ on: false });
    const { nextChange } = freezeAt(schedule, "f0", now);
    expect(nextChange).toBe(ms("2026-03-03T09:00:00Z"));
    expect(
      nextOpening(schedule, { windows: [["own"]], freezes: ["f0"] }, now, later),
    ).toMatchObject({
      kind: "unknown",
      because: expect.stringMatching(
        /^hostile\.ics repeats too often to be followed beyond \d{4}-\d\d-\d\d$/,
      ),
    });
  });
});
