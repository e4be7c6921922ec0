import { describe, expect, it } from "vitest";
import { answerWhen } from "#core/calendar/answer-when.ts";
import { freezeAt } from "#core/calendar/freeze.ts";
import { lintTimes } from "#core/calendar/lint.ts";
import { endOfOpening, intervals, nextOpening } from "#core/calendar/next-opening.ts";
import { freezesSchema, windowsSchema } from "#core/calendar/schema.ts";
import { windowAt } from "#core/calendar/window.ts";
import { anEvent, anIcs, aSchedule, ms, parsed } from "./a-schedule.ts";

const officeHours = {
  days: ["mon", "tue", "wed", "thu", "fri"] as const,
  from: "09:00",
  to: "17:00",
};
const office = { ...officeHours, days: [...officeHours.days] };
const day = 86_400_000;

describe("acceptance, deployments and time", () => {
  it.each([
    ["2026-03-30T06:59:59.999Z", false],
    ["2026-03-30T07:00:00Z", true],
    ["2026-03-30T14:59:59.999Z", true],
    ["2026-03-30T15:00:00Z", false],
  ])("09–17 Berlin Mon–Fri at %s is %s", (at, open) => {
    expect(
      windowAt(
        aSchedule({ windows: { w: { timezone: "Europe/Berlin", open: [office] } } }),
        "w",
        ms(at),
      ).open,
    ).toBe(open);
  });

  it("09:00 London opens at 09:00Z before the clocks change and at 08:00Z after", () => {
    const schedule = aSchedule({ windows: { w: { timezone: "Europe/London", open: [office] } } });
    const opening = (after: string) =>
      nextOpening(schedule, { windows: [["w"]], freezes: [] }, ms(after), ms(after) + 7 * day);
    expect(opening("2026-03-27T00:00:00Z")).toEqual({ kind: "at", at: ms("2026-03-27T09:00:00Z") });
    expect(opening("2026-03-28T00:00:00Z")).toEqual({ kind: "at", at: ms("2026-03-30T08:00:00Z") });
  });

  it("a repeated 02:30 ends a window at its first showing and a freeze at its second", () => {
    const night = { days: ["sun" as const], from: "01:00", to: "02:30" };
    const schedule = aSchedule({
      windows: { w: { timezone: "Europe/Berlin", open: [night] } },
      freezes: [{ name: "f", timezone: "Europe/Berlin", during: [night] }],
    });
    expect(windowAt(schedule, "w", ms("2026-10-25T00:00:00Z")).nextChange).toBe(
      ms("2026-10-25T00:30:00Z"),
    );
    expect(freezeAt(schedule, "f", ms("2026-10-25T00:00:00Z")).nextChange).toBe(
      ms("2026-10-25T01:30:00Z"),
    );
  });

  it("a day without midnight starts at the clock change", () => {
    const during = { from: "2026-04-24T00:00", until: "2026-04-25T00:00" };
    const ics = anIcs(
      ...anEvent("UID:1", "DTSTART;VALUE=DATE:20260424", "DTEND;VALUE=DATE:20260425"),
    );
    const schedule = aSchedule(
      {
        freezes: [
          { name: "written", timezone: "Africa/Cairo", during },
          { name: "file", timezone: "Africa/Cairo", during: { ics: "a.ics" } },
        ],
      },
      { "a.ics": ics },
    );
    for (const name of ["written", "file"]) {
      expect(freezeAt(schedule, name, ms("2026-04-23T21:59:59Z")).nextChange).toBe(
        ms("2026-04-23T22:00:00Z"),
      );
      expect(freezeAt(schedule, name, ms("2026-04-23T22:00:00Z"))).toMatchObject({
        on: true,
        nextChange: ms("2026-04-24T21:00:00Z"),
      });
      expect(freezeAt(schedule, name, ms("2026-04-24T21:00:00Z")).on).toBe(false);
    }
  });

  it.each([
    ["2020-04-10T22:59:00Z", false],
    ["2020-04-10T23:01:00Z", true],
    ["2020-04-13T06:59:00Z", true],
    ["2020-04-13T07:01:00Z", false],
  ])("a freeze from Friday 23:00 to Monday 07:00 at %s is on: %s", (at, on) => {
    const cron = aSchedule({
      freezes: [{ name: "f", timezone: "UTC", during: { cron: "0 23 * * 5", duration: "56h" } }],
    });
    const weekly = aSchedule({
      freezes: [
        {
          name: "f",
          timezone: "UTC",
          during: [
            { days: ["fri"], from: "23:00", to: "24:00" },
            { days: ["sat", "sun"], from: "00:00", to: "00:00" },
            { days: ["mon"], from: "00:00", to: "07:00" },
          ],
        },
      ],
    });
    expect([freezeAt(cron, "f", ms(at)).on, freezeAt(weekly, "f", ms(at)).on]).toEqual([on, on]);
  });

  it.each([
    ["11", true],
    ["13", false],
    ["15", true],
    ["17", false],
  ])("windows of two hours from 10 and from 14 at %s h: open is %s", (hour, open) => {
    const schedule = aSchedule({
      windows: {
        w: {
          timezone: "UTC",
          open: [
            { cron: "0 10 * * *", duration: "2h" },
            { cron: "0 14 * * *", duration: "2h" },
          ],
        },
      },
    });
    expect(windowAt(schedule, "w", ms(`2026-05-05T${hour}:00:00Z`)).open).toBe(open);
  });

  it("an inactive freeze holds nothing", () => {
    const over = { from: "2020-01-01T00:00", until: "2020-02-01T00:00" };
    const always = {
      days: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const,
      from: "00:00",
      to: "00:00",
    };
    const schedule = aSchedule({
      freezes: [
        { name: "over", timezone: "UTC", during: over },
        {
          name: "off",
          timezone: "UTC",
          during: { ...always, days: [...always.days] },
          enforcement: "disabled",
        },
        {
          name: "trial",
          timezone: "UTC",
          during: { ...always, days: [...always.days] },
          enforcement: "evaluate",
        },
      ],
    });
    expect(
      answerWhen(schedule, {
        environment: "production",
        windows: [],
        freezes: ["over", "off", "trial"],
        at: ms("2026-05-05T10:00:00Z"),
      }),
    ).toEqual({
      at: "2026-05-05T10:00:00Z",
      open: true,
      because: "no window limits production, and no freeze is on",
      next_change: null,
    });
    expect(freezeAt(schedule, "trial", ms("2026-05-05T10:00:00Z"))).toMatchObject({
      on: true,
      enforcement: "evaluate",
    });
  });

  it("an unknown zone is an error that names the zone that was meant", () => {
    const result = windowsSchema.safeParse({ w: { timezone: "Europe/Berln", open: [office] } });
    expect(result.error?.issues).toMatchObject([
      { path: ["w", "timezone"], message: expect.stringContaining("did you mean Europe/Berlin?") },
    ]);
  });

  it("a duplicate is an error", () => {
    expect(
      windowsSchema.safeParse({ w: { timezone: "UTC", open: [office, office] } }).error?.issues,
    ).toMatchObject([{ path: ["w", "open", 1], message: expect.stringContaining("duplicate") }]);
    const freeze = { name: "f", timezone: "UTC", during: office };
    expect(freezesSchema.safeParse([freeze, freeze]).error?.issues).toMatchObject([
      { path: [1, "name"], message: expect.stringContaining("duplicate") },
    ]);
  });

  it("an hourly cron of 24 h holds for 47 h, and the linter says so", () => {
    const times = {
      freezes: [{ name: "f", timezone: "UTC", during: { cron: "0 * 15 JAN *", duration: "24h" } }],
    };
    const schedule = aSchedule(times);
    expect(freezeAt(schedule, "f", ms("2024-01-16T22:30:00Z"))).toMatchObject({
      on: true,
      nextChange: ms("2024-01-16T23:00:00Z"),
    });
    expect(lintTimes(parsed(times), schedule)).toEqual([
      {
        path: ["freezes", 0, "during", "cron"],
        severity: "warning",
        message:
          '"0 * 15 JAN *" starts 24 times that run together: it is on for 47 h, not 24 h; for one start a day write "0 0 15 JAN *"',
      },
    ]);
  });

  it("an UNTIL between start and end of the last instance lets it run to its end, and no next one comes", () => {
    const ics = anIcs(
      ...anEvent(
        "UID:1",
        "DTSTART:20260105T100000Z",
        "DTEND:20260105T140000Z",
        "RRULE:FREQ=WEEKLY;UNTIL=20260119T120000Z",
      ),
    );
    const schedule = aSchedule(
      { freezes: [{ name: "f", timezone: "UTC", during: { ics: "a.ics" } }] },
      { "a.ics": ics },
    );
    expect(freezeAt(schedule, "f", ms("2026-01-19T13:59:59Z"))).toMatchObject({
      on: true,
      nextChange: ms("2026-01-19T14:00:00Z"),
    });
    expect(freezeAt(schedule, "f", ms("2026-01-19T14:00:00Z"))).toMatchObject({
      on: false,
      nextChange: undefined,
    });
  });

  it("EXDATE takes one instance away, RECURRENCE-ID moves one, CANCELLED and TRANSPARENT are ignored", () => {
    const ics = anIcs(
      ...anEvent(
        "UID:1",
        "DTSTART:20260105T100000Z",
        "DTEND:20260105T110000Z",
        "RRULE:FREQ=DAILY;COUNT=5",
        "EXDATE:20260106T100000Z",
      ),
      ...anEvent(
        "UID:1",
        "RECURRENCE-ID:20260107T100000Z",
        "DTSTART:20260107T150000Z",
        "DTEND:20260107T160000Z",
      ),
      ...anEvent(
        "UID:1",
        "RECURRENCE-ID:20260108T100000Z",
        "DTSTART:20260108T100000Z",
        "DTEND:20260108T110000Z",
        "STATUS:CANCELLED",
      ),
      ...anEvent("UID:2", "DTSTART:20260105T200000Z", "DTEND:20260105T210000Z", "STATUS:CANCELLED"),
      ...anEvent(
        "UID:3",
        "DTSTART:20260105T220000Z",
        "DTEND:20260105T230000Z",
        "TRANSP:TRANSPARENT",
      ),
    );
    const schedule = aSchedule(
      { windows: { w: { timezone: "UTC", open: { ics: "a.ics" } } } },
      { "a.ics": ics },
    );
    expect(
      intervals(
        schedule,
        { windows: [["w"]], freezes: [] },
        ms("2026-01-01T00:00:00Z"),
        ms("2026-02-01T00:00:00Z"),
      ).map(({ start, end }) => [new Date(start).toISOString(), new Date(end).toISOString()]),
    ).toEqual([
      ["2026-01-05T10:00:00.000Z", "2026-01-05T11:00:00.000Z"],
      ["2026-01-07T15:00:00.000Z", "2026-01-07T16:00:00.000Z"],
      ["2026-01-09T10:00:00.000Z", "2026-01-09T11:00:00.000Z"],
    ]);
  });

  it("an opening beyond the 30 days is told from one within", () => {
    const schedule = aSchedule({
      windows: {
        w: { timezone: "UTC", open: { from: "2026-07-01T10:00", until: "2026-07-01T12:00" } },
      },
    });
    const now = ms("2026-05-05T00:00:00Z");
    expect(nextOpening(schedule, { windows: [["w"]], freezes: [] }, now, now + 30 * day)).toEqual({
      kind: "none",
      horizon: now + 30 * day,
    });
    expect(nextOpening(schedule, { windows: [["w"]], freezes: [] }, now, now + 60 * day)).toEqual({
      kind: "at",
      at: ms("2026-07-01T10:00:00Z"),
    });
  });

  it("held by a freeze, it opens where the freeze ends and the window is open", () => {
    const schedule = aSchedule({
      windows: { w: { timezone: "Europe/Berlin", open: office } },
      freezes: [
        {
          name: "f",
          timezone: "Europe/Berlin",
          during: { from: "2026-05-05T12:00", until: "2026-05-06T11:30" },
          reason: "Launch.",
        },
      ],
    });
    const question = { windows: [["w"]], freezes: ["f"] };
    const at = ms("2026-05-05T11:00:00Z");
    expect(nextOpening(schedule, question, at, at + 30 * day)).toEqual({
      kind: "at",
      at: ms("2026-05-06T09:30:00Z"),
    });
    expect(endOfOpening(schedule, question, ms("2026-05-05T09:00:00Z"), at + day)).toBe(
      ms("2026-05-05T10:00:00Z"),
    );
    expect(answerWhen(schedule, { environment: "production", ...question, at })).toEqual({
      at: "2026-05-05T11:00:00Z",
      open: false,
      because: "freeze f is on until Wed 2026-05-06 11:30 Europe/Berlin: Launch.",
      next_change: "2026-05-06T09:30:00Z",
    });
  });
});
