import { rmSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { UnusableInput } from "../../src/cli/answer.ts";
import { validateText } from "./ask.ts";
import { file, folder, freeze, rows, window } from "./times-world.ts";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const office = '{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }';
const ics = (...lines: readonly string[]): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", ...lines, "END:VCALENDAR", ""].join(
    "\r\n",
  );

/** Instants at which the answer turns: closed before, open from it on (`+`), or the other way about (`-`). */
type Turns = readonly `${"+" | "-"}${string}Z`[];

async function turns(times: string, expected: Turns): Promise<void> {
  const around = expected.flatMap((turn) => {
    const at = Date.parse(turn.slice(1));
    return [at - 1000, at].map((each) => new Date(each).toISOString());
  });
  const found = (await rows(times, around)).map(({ open }) => open);
  expect(found).toEqual(
    expected.flatMap((turn) => (turn.startsWith("+") ? [false, true] : [true, false])),
  );
}

describe("windows: half-open, by the zone's own clock", () => {
  it.each<readonly [string, string, Turns]>([
    [
      "Berlin in summer",
      window("Europe/Berlin", office),
      ["+2026-03-30T07:00:00Z", "-2026-03-30T15:00:00Z"],
    ],
    [
      "Berlin in winter",
      window("Europe/Berlin", office),
      ["+2026-03-27T08:00:00Z", "-2026-03-27T16:00:00Z"],
    ],
    [
      "London before and after",
      window("Europe/London", office),
      [
        "+2026-03-27T09:00:00Z",
        "-2026-03-27T17:00:00Z",
        "+2026-03-30T08:00:00Z",
        "-2026-03-30T16:00:00Z",
      ],
    ],
    [
      "New York, whose clocks change three weeks sooner",
      window("America/New_York", office),
      ["+2026-03-06T14:00:00Z", "+2026-03-09T13:00:00Z", "-2026-03-09T21:00:00Z"],
    ],
    [
      "Kathmandu, at a quarter of an hour",
      window("Asia/Kathmandu", office),
      ["+2026-03-30T03:15:00Z", "-2026-03-30T11:15:00Z"],
    ],
    [
      "over midnight",
      window("Europe/Berlin", '{ days: [fri], from: "22:00", to: "02:00" }'),
      ["+2026-04-03T20:00:00Z", "-2026-04-04T00:00:00Z"],
    ],
    [
      "to the end of the day",
      window("UTC", '{ days: [fri], from: "18:00", to: "24:00" }'),
      ["-2026-04-04T00:00:00Z"],
    ],
    [
      "the same time is the next day's",
      window("UTC", '{ days: [fri], from: "09:00", to: "09:00" }'),
      ["+2026-04-03T09:00:00Z", "-2026-04-04T09:00:00Z"],
    ],
    [
      "two that meet are one",
      window(
        "UTC",
        '{ days: [fri], from: "09:00", to: "12:00" }',
        '{ days: [fri], from: "12:00", to: "15:00" }',
      ),
      ["+2026-04-03T09:00:00Z", "-2026-04-03T15:00:00Z"],
    ],
  ])("%s", async (_what, times, expected) => turns(times, expected));
});

describe("T47: clock changes never widen permission", () => {
  it.each<readonly [string, string, Turns]>([
    [
      "a window that starts in the gap starts at the change",
      window("Europe/Berlin", '{ days: [sun], from: "02:30", to: "04:00" }'),
      ["+2026-03-29T01:00:00Z", "-2026-03-29T02:00:00Z"],
    ],
    [
      "a window that ends in the gap ends at the change",
      window("Europe/Berlin", '{ days: [sun], from: "01:00", to: "02:30" }'),
      ["+2026-03-29T00:00:00Z", "-2026-03-29T01:00:00Z"],
    ],
    [
      "a freeze that ends in the gap ends at the change",
      freeze("Europe/Berlin", '{ days: [sun], from: "01:00", to: "02:30" }'),
      ["-2026-03-29T00:00:00Z", "+2026-03-29T01:00:00Z"],
    ],
    [
      "a window that ends at a repeated time ends at its first showing",
      window("Europe/Berlin", '{ days: [sun], from: "01:00", to: "02:30" }'),
      ["+2026-10-24T23:00:00Z", "-2026-10-25T00:30:00Z"],
    ],
    [
      "a window that starts at a repeated time starts at its second",
      window("Europe/Berlin", '{ days: [sun], from: "02:30", to: "05:00" }'),
      ["+2026-10-25T01:30:00Z", "-2026-10-25T04:00:00Z"],
    ],
    [
      "a freeze that ends at a repeated time ends at its second showing",
      freeze("Europe/Berlin", '{ days: [sun], from: "01:00", to: "02:30" }'),
      ["-2026-10-24T23:00:00Z", "+2026-10-25T01:30:00Z"],
    ],
    [
      "a freeze that starts at a repeated time starts at its first",
      freeze("Europe/Berlin", '{ days: [sun], from: "02:30", to: "05:00" }'),
      ["-2026-10-25T00:30:00Z", "+2026-10-25T04:00:00Z"],
    ],
    [
      "half an hour in Lord Howe, a window",
      window("Australia/Lord_Howe", '{ days: [sun], from: "01:00", to: "01:45" }'),
      ["+2026-04-04T14:00:00Z", "-2026-04-04T14:45:00Z"],
    ],
    [
      "half an hour in Lord Howe, a freeze",
      freeze("Australia/Lord_Howe", '{ days: [sun], from: "01:00", to: "01:45" }'),
      ["-2026-04-04T14:00:00Z", "+2026-04-04T15:15:00Z"],
    ],
    [
      "elapsed hours across a change",
      freeze("Europe/Berlin", '{ cron: "0 23 * * 5", duration: 56h }'),
      ["-2026-03-27T22:00:00Z", "+2026-03-30T06:00:00Z"],
    ],
    [
      "a day without midnight",
      freeze("Africa/Cairo", '{ from: "2026-04-24T00:00", until: "2026-04-25T00:00" }'),
      ["-2026-04-23T22:00:00Z", "+2026-04-24T21:00:00Z"],
    ],
  ])("%s", async (_what, times, expected) => turns(times, expected));

  it("a window that lies in the gap does not open", async () => {
    const found = await rows(
      window("Europe/Berlin", '{ days: [sun], from: "02:10", to: "02:50" }'),
      ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T01:10:00Z"],
    );
    expect(found.map(({ open, next_change }) => [open, next_change])).toEqual(
      Array.from({ length: 3 }, () => [false, "2026-04-05T00:10:00Z"]),
    );
  });
});

describe("the ends of months", () => {
  const holidays =
    "calendars:\n  h: { timezone: Europe/Berlin, dates: [2026-04-30, 2026-05-01] }\n";
  it.each<readonly [string, string, Turns]>([
    [
      "three business days",
      freeze("Europe/Berlin", "{ month_end: { last_business_days: 3 } }"),
      ["-2026-03-26T23:00:00Z", "+2026-03-31T22:00:00Z"],
    ],
    [
      "until the next business day, over a weekend",
      freeze("Europe/Berlin", "{ month_end: { last_business_days: 3 } }"),
      ["-2026-05-26T22:00:00Z", "+2026-05-31T22:00:00Z"],
    ],
    [
      "holidays on both sides",
      freeze("Europe/Berlin", "{ month_end: { last_business_days: 3, calendar: h } }") + holidays,
      ["-2026-04-26T22:00:00Z", "+2026-05-03T22:00:00Z"],
    ],
    [
      "a leap day",
      freeze("UTC", "{ month_end: { last_business_days: 1 } }"),
      ["-2028-02-29T00:00:00Z", "+2028-03-01T00:00:00Z"],
    ],
    [
      "the turn of the year",
      freeze("UTC", "{ month_end: { last_business_days: 2 } }"),
      ["-2026-12-30T00:00:00Z", "+2027-01-01T00:00:00Z"],
    ],
  ])("%s", async (_what, times, expected) => turns(times, expected));
});

describe("freeze and window together", () => {
  it.each<readonly [string, string, Turns]>([
    [
      "the freeze beats the window",
      window("UTC", office) + freeze("UTC", '{ days: [mon], from: "12:00", to: "13:00" }'),
      [
        "+2026-03-30T09:00:00Z",
        "-2026-03-30T12:00:00Z",
        "+2026-03-30T13:00:00Z",
        "-2026-03-30T17:00:00Z",
      ],
    ],
    [
      "a freeze alone",
      freeze("UTC", '{ from: "2020-04-10T23:00", until: "2020-04-13T07:00" }'),
      ["-2020-04-10T23:00:00Z", "+2020-04-13T07:00:00Z"],
    ],
    [
      "a freeze that ends outside the window opens with it",
      window("UTC", office) +
        freeze("UTC", '{ from: "2026-03-27T12:00", until: "2026-03-28T12:00" }'),
      ["-2026-03-27T12:00:00Z", "+2026-03-30T09:00:00Z"],
    ],
  ])("%s", async (_what, times, expected) => turns(times, expected));

  it("neither: open, and nothing is to change", async () => {
    expect(await rows("", ["2026-03-30T06:59:59Z"])).toMatchObject([
      { open: true, next_change: null },
    ]);
  });
});

describe("cron", () => {
  it.each<readonly [string, string, Turns]>([
    [
      "day of the month or day of the week",
      window("UTC", '{ cron: "0 0 13 * 5", duration: 24h }'),
      [
        "+2026-04-10T00:00:00Z",
        "-2026-04-11T00:00:00Z",
        "+2026-04-13T00:00:00Z",
        "-2026-04-14T00:00:00Z",
      ],
    ],
    [
      "every minute of an hour",
      window("UTC", '{ cron: "* 10 * * *", duration: 1h }'),
      ["+2026-04-13T10:00:00Z", "-2026-04-13T11:59:00Z"],
    ],
    [
      "an hourly cron of a day",
      freeze("UTC", '{ cron: "0 * 15 JAN *", duration: 24h }'),
      ["-2024-01-15T00:00:00Z", "+2024-01-16T23:00:00Z"],
    ],
    [
      "Sunday by name and as 7",
      window(
        "UTC",
        '{ cron: "0 10 * * SUN", duration: 1h }',
        '{ cron: "0 12 * * 7", duration: 1h }',
      ),
      ["+2026-04-12T10:00:00Z", "-2026-04-12T11:00:00Z", "+2026-04-12T12:00:00Z"],
    ],
  ])("%s", async (_what, times, expected) => turns(times, expected));

  it.each([
    ["an hourly cron", freeze("UTC", '{ cron: "0 * 15 JAN *", duration: 24h }'), "47 h"],
    ["every minute", window("UTC", '{ cron: "* 10 * * *", duration: 1h }'), "60 times a day"],
    ["both days", window("UTC", '{ cron: "0 0 13 * 5", duration: 24h }'), "either is enough"],
  ])("warns of what says something else than people mean: %s", async (_what, times, said) => {
    const { valid, problems } = await validateText(`version: 1\n${times}`);
    expect(valid).toBe(true);
    expect(
      problems.filter(({ severity }) => severity === "warning").map(({ message }) => message),
    ).toContainEqual(expect.stringContaining(said));
  });
});

describe("calendar files", () => {
  const filed = (role: "w" | "f", zone = "UTC"): string =>
    role === "w"
      ? window(zone, `{ ics: ${file("a.ics")} }`)
      : freeze(zone, `{ ics: ${file("a.ics")} }`);
  it.each<readonly [string, string, string, Turns]>([
    [
      "a zone without VTIMEZONE, across a change",
      filed("w"),
      ics(
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTART;TZID=Europe/Berlin:20260328T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;UNTIL=20260330T070000Z",
        "END:VEVENT",
      ),
      [
        "+2026-03-28T08:00:00Z",
        "+2026-03-29T07:00:00Z",
        "+2026-03-30T07:00:00Z",
        "-2026-03-30T08:00:00Z",
      ],
    ],
    [
      "floating times are the policy's",
      filed("f", "Asia/Tokyo"),
      ics(
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTART:20260328T090000",
        "DTEND:20260328T100000",
        "END:VEVENT",
      ),
      ["-2026-03-28T00:00:00Z", "+2026-03-28T01:00:00Z"],
    ],
    [
      "a whole day is the policy's",
      filed("f", "Asia/Tokyo"),
      ics("BEGIN:VEVENT", "UID:1", "DTSTART;VALUE=DATE:20260402", "END:VEVENT"),
      ["-2026-04-01T15:00:00Z", "+2026-04-02T15:00:00Z"],
    ],
    [
      "a period of RDATE",
      filed("f"),
      ics(
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTART:20260430T100000Z",
        "DURATION:PT1H",
        "RDATE;VALUE=PERIOD:20260501T100000Z/20260501T120000Z",
        "END:VEVENT",
      ),
      ["-2026-05-01T10:00:00Z", "+2026-05-01T12:00:00Z"],
    ],
    [
      "an UNTIL within the last instance",
      filed("f"),
      ics(
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTART:20260105T100000Z",
        "DTEND:20260105T140000Z",
        "RRULE:FREQ=WEEKLY;UNTIL=20260119T120000Z",
        "END:VEVENT",
      ),
      ["-2026-01-19T10:00:00Z", "+2026-01-19T14:00:00Z"],
    ],
  ])("%s", async (_what, times, text, expected) => {
    writeFileSync(file("a.ics"), text);
    await turns(times, expected);
  });

  it.each([
    ["is not there", filed("w"), null, /there is no file \S+a\.ics/],
    ["is not there, for a freeze", filed("f"), null, /there is no file \S+a\.ics/],
    ["is an error page", filed("w"), "<html>502</html>", /a\.ics: not iCalendar/],
    [
      "names a zone that nobody knows",
      filed("f"),
      ics(
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTART;TZID=Mars/Olympus:20260501T100000",
        "DURATION:PT1H",
        "END:VEVENT",
      ),
      /a\.ics: .*Mars\/Olympus/,
    ],
  ])("stays closed and names the file that %s", async (_what, times, text, because) => {
    rmSync(file("a.ics"), { force: true });
    if (text !== null) writeFileSync(file("a.ics"), text);
    expect(await rows(times, ["2026-05-01T10:30:00Z"])).toEqual([
      {
        at: "2026-05-01T10:30:00Z",
        open: false,
        because: expect.stringMatching(because),
        next_change: null,
      },
    ]);
  });
});

describe("what is no time at all is an error", () => {
  it.each([
    [
      "no zone",
      'windows:\n  w: { open: [{ days: [mon], from: "09:00", to: "17:00" }] }\n',
      '"timezone" is missing',
    ],
    ["an unknown zone", window("Europe/Berln", office), "did you mean Europe/Berlin"],
    ["an offset is no zone", window('"+02:00"', office), "unknown time zone"],
    ["the same twice", window("UTC", office, office), "duplicate"],
    [
      "a name twice",
      `${window("UTC", office)}  w: { timezone: UTC, open: [${office}] }\n`,
      "duplicate key",
    ],
    [
      "it lasts no time",
      window("UTC", '{ from: "2026-03-30T09:00", until: "2026-03-30T09:00" }'),
      "lasts no time at all",
    ],
    [
      "it ends before it begins",
      window("UTC", '{ from: "2026-03-30T09:00", until: "2026-03-29T09:00" }'),
      "lasts no time at all",
    ],
    [
      "a cron without duration to speak of",
      window("UTC", '{ cron: "0 9 * * *", duration: 0m }'),
      "lasts no time at all",
    ],
    [
      "a time that no clock shows",
      window("UTC", '{ days: [mon], from: "25:00", to: "26:00" }'),
      "not a time of day",
    ],
    [
      "a date that is none",
      window("UTC", '{ from: "2026-02-30T09:00", until: "2026-03-29T09:00" }'),
      "not a local date and time",
    ],
    ["six fields", window("UTC", '{ cron: "0 0 10 * * *", duration: 1h }'), "5 fields"],
    [
      "a day that no month has",
      window("UTC", '{ cron: "0 0 30 2 *", duration: 1h }'),
      "never starts",
    ],
  ])("%s", async (_what, times, said) => {
    await expect(rows(times, ["2026-03-30T10:00:00Z"])).rejects.toThrow(UnusableInput);
    const { valid, problems } = await validateText(`version: 1\n${times}`);
    expect(valid).toBe(false);
    expect(problems.map(({ message, line }) => ({ message, line }))).toContainEqual({
      message: expect.stringContaining(said),
      line: expect.any(Number),
    });
  });
});
