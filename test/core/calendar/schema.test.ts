import { describe, expect, it } from "vitest";
import { z } from "zod";
import { calendarSchema, freezeSchema, windowSchema } from "#core/calendar/schema.ts";
import {
  durationSchema,
  formatDuration,
  parseDuration,
  positiveDurationSchema,
} from "#core/text/duration.ts";

const window = (open: unknown) => ({ timezone: "UTC", open });

describe("a time form", () => {
  it.each([
    [{ days: ["mon"], from: "09:00", to: "17:00" }],
    [{ days: ["mon"], from: "22:00", to: "06:00" }],
    [{ days: ["mon"], from: "00:00", to: "24:00" }],
    [[{ cron: "0 9 13 * 5", duration: "6h" }]],
    [{ from: "2026-12-20T18:00", until: "2027-01-02 08:00:30" }],
    [{ month_end: { last_business_days: 3, calendar: "holidays" } }],
    [{ month_end: { last_business_days: 3 } }],
    [{ ics: ".github/holidays.ics" }],
  ])("is accepted: %j", (open) => {
    expect(windowSchema.parse(window(open))).toEqual(window(open));
  });

  it.each([
    ["nothing", {}, ["open"], "not a time"],
    ["no form", [], ["open"], ""],
    ["not a map", "always", ["open"], ""],
    ["half a form", [{ days: ["mon"], from: "09:00" }], ["open", 0], '"to" is missing'],
    [
      "two forms at once",
      [{ days: ["mon"], from: "09:00", to: "10:00", cron: "* * * * *" }],
      ["open", 0, "cron"],
      "does not go with",
    ],
    ["a cron without duration", { cron: "0 9 * * *" }, ["open"], '"duration" is missing'],
    ["an unknown key", [{ day: ["mon"], from: "09:00", to: "10:00" }], ["open", 0], "day"],
    [
      "an unknown day",
      [{ days: ["Monday"], from: "09:00", to: "10:00" }],
      ["open", 0, "days", 0],
      "mon, tue",
    ],
    ["no time of day", { days: ["mon"], from: "9:00", to: "10:00" }, ["open", "from"], '"09:00"'],
    ["an hour too many", { days: ["mon"], from: "09:00", to: "25:00" }, ["open", "to"], "24-hour"],
    [
      "a start at the end of the day",
      { days: ["mon"], from: "24:00", to: "06:00" },
      ["open", "from"],
      "24-hour",
    ],
    ["six cron fields", { cron: "0 0 9 * * *", duration: "1h" }, ["open", "cron"], "5 fields"],
    ["a cron name", { cron: "@daily", duration: "1h" }, ["open", "cron"], "5 fields"],
    ["a cron extension", { cron: "0 9 L * *", duration: "1h" }, ["open", "cron"], "are not"],
    ["a minute too many", { cron: "60 9 * * *", duration: "1h" }, ["open", "cron"], "60"],
    [
      "a day that no month has",
      { cron: "0 9 31 2 *", duration: "1h" },
      ["open", "cron"],
      "never starts",
    ],
    ["no duration", { cron: "0 9 * * *", duration: "an hour" }, ["open", "duration"], "30m"],
    [
      "zero duration",
      { cron: "0 9 * * *", duration: "0m" },
      ["open", "duration"],
      "no time at all",
    ],
    [
      "a zero-length interval",
      { from: "2026-01-01T10:00", until: "2026-01-01T10:00" },
      ["open", "until"],
      "no time at all",
    ],
    [
      "an interval backwards",
      { from: "2026-01-02T10:00", until: "2026-01-01T10:00" },
      ["open", "until"],
      "later",
    ],
    [
      "an instant instead of a local time",
      { from: "2026-01-01T10:00Z", until: "2026-01-02T10:00" },
      ["open", "from"],
      "without zone",
    ],
    [
      "a date that does not exist",
      { from: "2026-02-30T10:00", until: "2026-03-02T10:00" },
      ["open", "from"],
      "local date and time",
    ],
    [
      "a date alone",
      { from: "2026-02-01", until: "2026-03-02" },
      ["open", "from"],
      "local date and time",
    ],
    [
      "no business days",
      { month_end: { last_business_days: 0 } },
      ["open", "month_end", "last_business_days"],
      "",
    ],
    [
      "a path out of the repository",
      { ics: "../holidays.ics" },
      ["open", "ics"],
      "inside the repository",
    ],
    ["a URL", { ics: "https://example.org/a.ics" }, ["open", "ics"], "inside the repository"],
    ["an absolute path", { ics: "/etc/passwd" }, ["open", "ics"], "inside the repository"],
  ])("is refused: %s", (_what, open, path, message) => {
    const issues = windowSchema.safeParse(window(open)).error?.issues ?? [];
    expect(issues[0]?.path).toEqual(path);
    expect(issues.map((issue) => issue.message).join(" ")).toContain(message);
  });

  it("is described for editors", () => {
    const json = JSON.stringify(z.toJSONSchema(windowSchema, { io: "input" }));
    expect(json).toContain('"required":["days","from","to"]');
    expect(json.match(/\$schema/g)).toHaveLength(1);
  });
});

describe("calendars and freezes", () => {
  it.each([
    [{ timezone: "UTC" }, "either"],
    [{ timezone: "UTC", ics: "a.ics", dates: ["2026-01-01"] }, "either"],
    [{ timezone: "UTC", dates: ["01.01.2026"] }, "2026-12-25"],
    [{ timezone: "UTC", dates: ["2026-13-01"] }, "2026-12-25"],
    [{ ics: "a.ics" }, ""],
  ])("refuse the calendar %j", (calendar, message) => {
    expect(
      calendarSchema
        .safeParse(calendar)
        .error?.issues.map((issue) => issue.message)
        .join(" "),
    ).toContain(message);
  });

  it("accept the freeze of the policy language", () => {
    const freeze = {
      name: "month-end",
      timezone: "Europe/Berlin",
      environments: ["production*"],
      during: { month_end: { last_business_days: 3, calendar: "holidays" } },
      reason: "Books close.",
      exempt: { rollbacks: true, teams: ["finance-platform"] },
    };
    expect(freezeSchema.parse(freeze)).toEqual(freeze);
    expect(freezeSchema.safeParse({ ...freeze, enforced: true }).error?.issues).toMatchObject([
      { code: "unrecognized_keys", keys: ["enforced"] },
    ]);
  });
});

describe("durations", () => {
  it.each([
    ["30m", 1_800_000],
    ["4h", 14_400_000],
    ["2d", 172_800_000],
    ["1h30m", 5_400_000],
    ["1w", 604_800_000],
    ["0m", 0],
  ])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    if (ms > 0) expect(parseDuration(formatDuration(ms))).toBe(ms);
  });

  it.each(["", "30", "m", "1.5h", "-1h", "1h1h", "99999d", "1 h", "PT1H", "1H"])(
    "%j is none",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
      expect(durationSchema.safeParse(text).success).toBe(false);
    },
  );

  it("may have to be longer than nothing", () => {
    expect(durationSchema.safeParse("0m").success).toBe(true);
    expect(positiveDurationSchema.safeParse("0m").success).toBe(false);
  });
});
