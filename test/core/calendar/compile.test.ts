import { describe, expect, it } from "vitest";
import { answerWhen } from "#core/calendar/answer-when.ts";
import { withRecordedFreezes } from "#core/calendar/compile.ts";
import { calendarFiles } from "#core/calendar/files.ts";
import { freezeAt } from "#core/calendar/freeze.ts";
import { nextOpening } from "#core/calendar/next-opening.ts";
import { windowAt } from "#core/calendar/window.ts";
import { anEvent, anIcs, aSchedule, compiled, ms } from "./a-schedule.ts";

const everyDay = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const office = { days: [...everyDay], from: "09:00", to: "17:00" };
const policy = {
  calendars: { holidays: { ics: "holidays.ics", timezone: "Europe/Berlin" } },
  windows: { w: { timezone: "Europe/Berlin", open: [office], except: ["holidays"] } },
  freezes: [
    {
      name: "f",
      timezone: "Europe/Berlin",
      during: { month_end: { last_business_days: 2, calendar: "holidays" } },
      reason: "Books close.",
    },
  ],
};
const christmas = anIcs(
  ...anEvent(
    "UID:1",
    "SUMMARY:Christmas",
    "DTSTART;VALUE=DATE:20261225",
    "DTEND;VALUE=DATE:20261227",
  ),
);

describe("compileSchedule", () => {
  it("closes a window on the days of a calendar and says which day it is", () => {
    const schedule = aSchedule(policy, { "holidays.ics": christmas });
    expect(windowAt(schedule, "w", ms("2026-12-25T10:00:00Z"))).toEqual({
      open: false,
      because:
        "calendar holidays (Christmas) closes w, which opens Sun 2026-12-27 09:00 Europe/Berlin",
      nextChange: ms("2026-12-27T08:00:00Z"),
    });
    expect(windowAt(schedule, "w", ms("2026-12-24T10:00:00Z"))).toEqual({
      open: true,
      because: "inside w until Thu 2026-12-24 17:00 Europe/Berlin",
      nextChange: ms("2026-12-24T16:00:00Z"),
    });
  });

  it("counts business days without the days of a calendar, until the first business day of the next month", () => {
    const days = anIcs(
      ...anEvent("UID:1", "DTSTART;VALUE=DATE:20261231"),
      ...anEvent("UID:2", "DTSTART;VALUE=DATE:20270101"),
      ...anEvent("UID:3", "DTSTART:20261229T120000", "DTEND:20261229T180000"),
    );
    const schedule = aSchedule(policy, { "holidays.ics": days });
    expect(freezeAt(schedule, "f", ms("2026-12-28T23:00:00Z"))).toEqual({
      on: true,
      enforcement: "active",
      because: "freeze f is on until Mon 2027-01-04 00:00 Europe/Berlin: Books close.",
      nextChange: ms("2027-01-03T23:00:00Z"),
    });
    expect(freezeAt(schedule, "f", ms("2026-12-28T22:59:59Z")).on).toBe(false);
  });

  it.each([
    ["is missing", undefined, "there is no file holidays.ics"],
    ["could not be fetched", { unreadable: "GitHub answered 502" }, "GitHub answered 502"],
    ["is broken", "garbage", "not iCalendar"],
    [
      "has an event in an unknown zone",
      anIcs(...anEvent("UID:1", "DTSTART;TZID=Mars/Olympus:20200101T000000", "DURATION:PT1H")),
      "Mars/Olympus",
    ],
  ])("answers unknown where a calendar %s", (_what, file, message) => {
    const { schedule, problems } = compiled(policy, { "holidays.ics": file });
    expect(problems).toEqual([
      {
        path: ["calendars", "holidays", "ics"],
        severity: "error",
        message: expect.stringContaining(message),
      },
    ]);
    const inside = ms("2026-05-05T10:00:00Z");
    expect(windowAt(schedule, "w", inside)).toMatchObject({
      open: "unknown",
      because: expect.stringContaining(message),
      nextChange: ms("2026-05-05T15:00:00Z"),
    });
    expect(windowAt(schedule, "w", ms("2026-05-05T20:00:00Z"))).toMatchObject({
      open: false,
      nextChange: ms("2026-05-06T07:00:00Z"),
    });
    expect(freezeAt(schedule, "f", inside)).toMatchObject({
      on: "unknown",
      because: expect.stringContaining(message),
    });
    expect(
      nextOpening(schedule, { windows: [["w"]], freezes: [] }, inside, inside + 9e8).kind,
    ).toBe("unknown");
    expect(
      answerWhen(schedule, {
        environment: "production",
        windows: [["w"]],
        freezes: ["f"],
        at: inside,
      }),
    ).toMatchObject({ open: false, next_change: null });
  });

  it("keeps what can be known: a readable event of a half-readable freeze is on, and a half-readable window is not open", () => {
    const half = anIcs(
      ...anEvent("UID:1", "DTSTART:20260505T090000Z", "DTEND:20260505T110000Z"),
      ...anEvent("UID:2", "DTSTART:never"),
    );
    const { schedule } = compiled(
      {
        windows: { w: { timezone: "UTC", open: { ics: "a.ics" } } },
        freezes: [{ name: "f", timezone: "UTC", during: { ics: "a.ics" } }],
      },
      { "a.ics": half },
    );
    expect(freezeAt(schedule, "f", ms("2026-05-05T10:00:00Z")).on).toBe(true);
    expect(freezeAt(schedule, "f", ms("2026-05-05T12:00:00Z")).on).toBe("unknown");
    expect(windowAt(schedule, "w", ms("2026-05-05T10:00:00Z")).open).toBe("unknown");
  });

  it("opens by what it can read where a window has another form", () => {
    const { schedule } = compiled({
      windows: { w: { timezone: "UTC", open: [office, { ics: "missing.ics" }] } },
    });
    expect(windowAt(schedule, "w", ms("2026-05-05T10:00:00Z")).open).toBe(true);
    expect(windowAt(schedule, "w", ms("2026-05-05T18:00:00Z")).open).toBe("unknown");
    const evening = ms("2026-05-05T18:00:00Z");
    expect(
      nextOpening(schedule, { windows: [["w"]], freezes: [] }, evening, evening + 9e8),
    ).toEqual({ kind: "at", at: ms("2026-05-06T09:00:00Z") });
  });

  it("says where a calendar is named that nobody defined", () => {
    const { schedule, problems } = compiled({
      calendars: { holidays: { dates: ["2026-12-25"], timezone: "UTC" } },
      windows: { w: { timezone: "UTC", open: office, except: ["holiday"] } },
      freezes: [
        {
          name: "f",
          timezone: "UTC",
          during: [{ month_end: { last_business_days: 1, calendar: "nope" } }],
        },
      ],
    });
    expect(problems).toEqual([
      {
        path: ["windows", "w", "except", 0],
        severity: "error",
        message: 'there is no calendar "holiday": calendars are holidays',
      },
      {
        path: ["freezes", 0, "during", 0, "month_end", "calendar"],
        severity: "error",
        message: 'there is no calendar "nope": calendars are holidays',
      },
    ]);
    expect(windowAt(schedule, "w", ms("2026-05-05T10:00:00Z")).open).toBe("unknown");
  });

  it("closes on written dates, from midnight to midnight of the calendar's zone", () => {
    const schedule = aSchedule({
      calendars: { h: { dates: ["2026-03-29", "2026-12-25"], timezone: "Europe/Berlin" } },
      windows: {
        w: {
          timezone: "UTC",
          open: { days: [...everyDay], from: "00:00", to: "24:00" },
          except: ["h"],
        },
      },
    });
    expect([
      windowAt(schedule, "w", ms("2026-03-01T00:00:00Z")).nextChange,
      windowAt(schedule, "w", ms("2026-03-29T12:00:00Z")).nextChange,
    ]).toEqual([ms("2026-03-28T23:00:00Z"), ms("2026-03-29T22:00:00Z")]);
  });

  it("counts a timed event as a holiday where it covers the whole local day", () => {
    const days = anIcs(
      ...anEvent("UID:1", "DTSTART:20260730T220000Z", "DTEND:20260731T220000Z"),
      ...anEvent("UID:2", "DTSTART:20260729T220000Z", "DTEND:20260730T210000Z"),
    );
    const schedule = aSchedule(policy, { "holidays.ics": days });
    expect(freezeAt(schedule, "f", ms("2026-07-20T00:00:00Z")).nextChange).toBe(
      ms("2026-07-28T22:00:00Z"),
    );
  });

  it("names every file before it needs one", () => {
    expect(
      calendarFiles({
        ...policy,
        windows: {
          ...policy.windows,
          v: { timezone: "UTC", open: { ics: "v.ics" } },
          u: { timezone: "UTC", open: [{ ics: "u.ics" }] },
        },
      }),
    ).toEqual([
      { path: "holidays.ics", namedAt: ["calendars", "holidays", "ics"] },
      { path: "v.ics", namedAt: ["windows", "v", "open", "ics"] },
      { path: "u.ics", namedAt: ["windows", "u", "open", 0, "ics"] },
    ]);
  });

  it("knows no window or freeze that the policy does not define", () => {
    const schedule = aSchedule({});
    const at = ms("2026-05-05T10:00:00Z");
    expect(windowAt(schedule, "constructor", at).open).toBe("unknown");
    expect(freezeAt(schedule, "__proto__", at).on).toBe("unknown");
    expect(nextOpening(schedule, { windows: [["w"]], freezes: [] }, at, at + 1).kind).toBe(
      "unknown",
    );
    expect(nextOpening(schedule, { windows: [], freezes: ["f"] }, at, at + 1).kind).toBe("unknown");
    expect(nextOpening(schedule, { windows: [[]], freezes: [] }, at, at + 1).kind).toBe("none");
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, ms("1850-01-01T00:00:00Z"), 9e15])(
    "does not answer for the instant %d",
    (at) => {
      const schedule = aSchedule(policy, { "holidays.ics": christmas });
      expect([
        windowAt(schedule, "w", at).open,
        freezeAt(schedule, "f", at).on,
        answerWhen(schedule, { environment: "e", windows: [["w"]], freezes: [], at }).open,
      ]).toEqual(["unknown", "unknown", false]);
    },
  );
});

describe("recorded freezes", () => {
  const base = aSchedule({
    freezes: [
      {
        name: "f",
        timezone: "UTC",
        during: { from: "2026-05-05T10:00", until: "2026-05-05T12:00" },
      },
    ],
  });
  const at = ms("2026-05-05T11:00:00Z");

  it("hold until they end, or until further notice", () => {
    const schedule = withRecordedFreezes(base, [
      { name: "incident", from: at, until: at + 3_600_000, reason: "Database <b>down</b>" },
      { name: "open-end", from: at },
    ]);
    expect(freezeAt(schedule, "incident", at)).toMatchObject({
      on: true,
      nextChange: at + 3_600_000,
      because: "freeze incident is on until Tue 2026-05-05 12:00 UTC: Database b down /b",
    });
    expect(freezeAt(schedule, "incident", at + 3_600_000)).toMatchObject({
      on: false,
      nextChange: undefined,
    });
    expect(freezeAt(schedule, "open-end", at)).toEqual({
      on: true,
      enforcement: "active",
      because: "freeze open-end is on",
      nextChange: undefined,
    });
    expect(nextOpening(schedule, { windows: [], freezes: ["open-end"] }, at, at + 9e9)).toEqual({
      kind: "none",
      horizon: at + 9e9,
    });
  });

  it("never hide a freeze of the policy of the same name", () => {
    const schedule = withRecordedFreezes(base, [
      { name: "f", from: at + 7_200_000, until: at + 10_800_000 },
    ]);
    expect([
      freezeAt(schedule, "f", at).on,
      freezeAt(schedule, "f", at + 5_400_000).on,
      freezeAt(schedule, "f", at + 7_200_000).on,
    ]).toEqual([true, false, true]);
    expect(freezeAt(base, "f", at + 7_200_000).on).toBe(false);
  });
});
