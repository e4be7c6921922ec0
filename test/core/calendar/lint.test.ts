import { describe, expect, it } from "vitest";
import { lintTimes } from "#core/calendar/lint.ts";
import { anEvent, anIcs, compiled, ms, parsed } from "./a-schedule.ts";

const now = ms("2026-02-01T00:00:00Z");
const everyDay = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

function lint(
  policy: Parameters<typeof compiled>[0],
  files: Parameters<typeof compiled>[1] = {},
): readonly string[] {
  return lintTimes(parsed(policy), compiled(policy, files).schedule, now).map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );
}

function lintForm(form: Record<string, unknown>, timezone = "UTC"): readonly string[] {
  return lint({ windows: { w: { timezone, open: [form] } } });
}

describe("forms that say something else than people mean", () => {
  it.each([
    [
      { cron: "* 10 * * *", duration: "1m" },
      "open.0.cron",
      'starts in every minute (10:00 to the last minute of that hour), 60 times a day; for one start write "0 10 * * *"',
    ],
    [{ cron: "* 10 * * *", duration: "1h" }, "open.0.cron", "it is on for 1h59m, not 1 h"],
    [
      { cron: "0 */6 * * 1", duration: "8h" },
      "open.0.cron",
      "starts 4 times that run together: it is on for 26 h, not 8 h",
    ],
    [{ cron: "0 9 13 * 5", duration: "6h" }, "open.0.cron", "either is enough"],
    [
      { cron: "0 9 31 * *", duration: "6h" },
      "open.0.cron",
      "does not start in February, April, June, September, November: there is no such day",
    ],
    [
      { cron: "0 9 29 2 *", duration: "6h" },
      "open.0.cron",
      "does not start in February except in leap years",
    ],
    [{ days: ["mon"], from: "09:00", to: "23:59" }, "open.0.to", '"24:00"'],
    [{ days: ["mon"], from: "09:00", to: "09:00" }, "open.0.to", "24 hours"],
    [{ days: ["mon", "mon"], from: "09:00", to: "10:00" }, "open.0.days", "twice"],
    [
      { from: "2025-01-01T00:00", until: "2025-02-01T00:00" },
      "windows.w",
      "does not open any more",
    ],
    [{ days: [...everyDay], from: "00:00", to: "24:00" }, "windows.w", "always open"],
    [{ month_end: { last_business_days: 22 } }, "open.0.month_end", "whole month"],
  ])("%j", (form, place, message) => {
    const found = lintForm(form);
    expect(found.find((line) => line.includes(message))).toContain(place);
  });

  it.each([
    ["30 2 * * *", "Europe/Berlin", "does not start on 2026-03-29"],
    ["30 1 * * 0", "America/New_York", "starts twice on 2026-11-01"],
  ])("%s in %s", (cron, timezone, message) => {
    expect(lintForm({ cron, duration: "30m" }, timezone).join()).toContain(message);
  });

  it("an interval that the clock skips", () => {
    expect(
      lintForm({ from: "2026-03-29T02:10", until: "2026-03-29T02:40" }, "Europe/Berlin").join(),
    ).toContain("is never on: the clock of Europe/Berlin skips");
  });

  it.each([
    [{ days: ["mon"], from: "09:00", to: "17:00" }],
    [{ cron: "0 9 * * 1-5", duration: "8h" }],
    [{ cron: "0 22 * * 5,6", duration: "24h" }],
    [{ cron: "0 10,14 * * *", duration: "2h" }],
    [{ cron: "*/30 9-16 * * *", duration: "10m" }],
    [{ month_end: { last_business_days: 3 } }],
    [{ from: "2026-12-20T18:00", until: "2027-01-02T08:00" }],
  ])("says nothing about %j", (form) => {
    expect(lintForm(form)).toEqual([]);
  });

  it("freezes that are over, always on, or switched off", () => {
    const during = { from: "2020-01-01T00:00", until: "2020-02-01T00:00" };
    expect(
      lint({
        freezes: [
          { name: "old", timezone: "UTC", during },
          { name: "off", timezone: "UTC", during, enforcement: "disabled" },
          {
            name: "forever",
            timezone: "UTC",
            during: { days: [...everyDay], from: "00:00", to: "00:00" },
          },
        ],
      }),
    ).toEqual([
      "freezes.0: freeze old is over and will not be on again within ten years",
      "freezes.2: freeze forever is always on: nothing that it covers will ever pass",
    ]);
  });

  it("a calendar of holidays that nobody keeps up", () => {
    const policy = {
      calendars: { h: { ics: "h.ics", timezone: "UTC" } },
      windows: {
        w: {
          timezone: "UTC",
          open: { days: ["mon" as const], from: "09:00", to: "17:00" },
          except: ["h"],
        },
      },
    };
    expect(
      lint(policy, { "h.ics": anIcs(...anEvent("UID:1", "DTSTART;VALUE=DATE:20051225")) }),
    ).toEqual([
      "windows.w.except.0: calendar h holds nothing for the next 12 months: has it been kept up to date?",
    ]);
    expect(
      lint(policy, {
        "h.ics": anIcs(...anEvent("UID:1", "DTSTART;VALUE=DATE:20051225", "RRULE:FREQ=YEARLY")),
      }),
    ).toEqual([]);
    expect(lint(policy, { "h.ics": "garbage" })).toEqual([]);
  });

  it("needs no clock for what holds at all times", () => {
    const policy = {
      windows: {
        w: { timezone: "UTC", open: { from: "2020-01-01T00:00", until: "2020-02-01T00:00" } },
      },
    };
    expect(lintTimes(parsed(policy), compiled(policy).schedule)).toEqual([]);
  });
});
