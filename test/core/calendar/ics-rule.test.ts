import { describe, expect, it } from "vitest";
import { dayMs } from "#core/text/duration.ts";
import { formatLocal, parseLocalDateTime } from "#core/calendar/civil.ts";
import { ruleStarts } from "#core/calendar/ics-rule.ts";
import { readRule } from "#core/calendar/ics-read-rule.ts";
import { readIcs } from "#core/calendar/ics.ts";
import { anEvent, anIcs } from "./a-schedule.ts";

function local(text: string): number {
  const value = parseLocalDateTime(text);
  if (value === undefined) throw new Error(text);
  return value;
}

/** The starts that a rule makes, as text; the time of day is left out where it is 09:00. */
function starts(
  rule: Record<string, unknown>,
  dtstart: string,
  from: string,
  count: number,
): readonly string[] {
  const read = readRule(rule);
  if (typeof read === "string") throw new Error(read);
  const all = ruleStarts(read, local(dtstart), local(from), local(from) + 40 * 366 * dayMs, {
    left: 1_000_000,
  });
  return all.slice(0, count).map((start) => formatLocal(start).replace(" 09:00", ""));
}

describe("RRULE: examples of RFC 5545, 3.8.5.3", () => {
  it.each([
    [
      "every other day",
      { freq: "DAILY", interval: 2 },
      "1997-09-02T09:00",
      ["1997-09-02", "1997-09-04", "1997-09-06"],
    ],
    [
      "every day in January",
      { freq: "YEARLY", bymonth: 1, byday: ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] },
      "1998-01-01T09:00",
      ["1998-01-01", "1998-01-02", "1998-01-03"],
    ],
    [
      "every other week on Tuesday and Thursday",
      { freq: "WEEKLY", interval: 2, wkst: 1, byday: ["TU", "TH"] },
      "1997-09-02T09:00",
      ["1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18"],
    ],
    [
      "monthly on the first Friday",
      { freq: "MONTHLY", byday: "1FR" },
      "1997-09-05T09:00",
      ["1997-09-05", "1997-10-03", "1997-11-07"],
    ],
    [
      "every other month on the first and last Sunday",
      { freq: "MONTHLY", interval: 2, byday: ["1SU", "-1SU"] },
      "1997-09-07T09:00",
      ["1997-09-07", "1997-09-28", "1997-11-02", "1997-11-30", "1998-01-04", "1998-01-25"],
    ],
    [
      "monthly on the second-to-last Monday",
      { freq: "MONTHLY", byday: "-2MO" },
      "1997-09-22T09:00",
      ["1997-09-22", "1997-10-20", "1997-11-17"],
    ],
    [
      "monthly on the third-to-the-last day",
      { freq: "MONTHLY", bymonthday: -3 },
      "1997-09-28T09:00",
      ["1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29", "1998-01-29", "1998-02-26"],
    ],
    [
      "monthly on the first and last day",
      { freq: "MONTHLY", bymonthday: [1, -1] },
      "1997-09-30T09:00",
      ["1997-09-30", "1997-10-01", "1997-10-31", "1997-11-01"],
    ],
    [
      "every 18 months on the 10th to 12th",
      { freq: "MONTHLY", interval: 18, bymonthday: [10, 11, 12] },
      "1997-09-10T09:00",
      ["1997-09-10", "1997-09-11", "1997-09-12", "1999-03-10"],
    ],
    [
      "yearly in June and July",
      { freq: "YEARLY", bymonth: [6, 7] },
      "1997-06-10T09:00",
      ["1997-06-10", "1997-07-10", "1998-06-10", "1998-07-10"],
    ],
    [
      "every third year on days 1, 100 and 200",
      { freq: "YEARLY", interval: 3, byyearday: [1, 100, 200] },
      "1997-01-01T09:00",
      ["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01", "2000-04-09", "2000-07-18"],
    ],
    [
      "the 20th Monday of the year",
      { freq: "YEARLY", byday: "20MO" },
      "1997-05-19T09:00",
      ["1997-05-19", "1998-05-18", "1999-05-17"],
    ],
    [
      "Monday of week 20",
      { freq: "YEARLY", byweekno: 20, byday: "MO" },
      "1997-05-12T09:00",
      ["1997-05-12", "1998-05-11", "1999-05-17"],
    ],
    [
      "every Friday the 13th",
      { freq: "MONTHLY", byday: "FR", bymonthday: 13 },
      "1997-09-02T09:00",
      ["1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13", "2000-10-13"],
    ],
    [
      "the first Saturday after the first Sunday",
      { freq: "MONTHLY", byday: "SA", bymonthday: [7, 8, 9, 10, 11, 12, 13] },
      "1997-09-13T09:00",
      ["1997-09-13", "1997-10-11", "1997-11-08"],
    ],
    [
      "election day",
      { freq: "YEARLY", interval: 4, bymonth: 11, byday: "TU", bymonthday: [2, 3, 4, 5, 6, 7, 8] },
      "1996-11-05T09:00",
      ["1996-11-05", "2000-11-07", "2004-11-02"],
    ],
    [
      "the third of Tuesday, Wednesday, Thursday",
      { freq: "MONTHLY", byday: ["TU", "WE", "TH"], bysetpos: 3 },
      "1997-09-04T09:00",
      ["1997-09-04", "1997-10-07", "1997-11-06"],
    ],
    [
      "the second-to-last weekday",
      { freq: "MONTHLY", byday: ["MO", "TU", "WE", "TH", "FR"], bysetpos: -2 },
      "1997-09-29T09:00",
      ["1997-09-29", "1997-10-30", "1997-11-27", "1997-12-30"],
    ],
    [
      "every three hours",
      { freq: "HOURLY", interval: 3 },
      "1997-09-02T09:00",
      ["1997-09-02", "1997-09-02 12:00", "1997-09-02 15:00"],
    ],
    [
      "every 20 minutes of office hours",
      { freq: "DAILY", byhour: [9, 10], byminute: [0, 20, 40] },
      "1997-09-02T09:00",
      ["1997-09-02", "1997-09-02 09:20", "1997-09-02 09:40", "1997-09-02 10:00"],
    ],
    [
      "a day that February lacks is skipped",
      { freq: "MONTHLY" },
      "2007-01-31T09:00",
      ["2007-01-31", "2007-03-31", "2007-05-31"],
    ],
    [
      "the 29th of February",
      { freq: "YEARLY" },
      "2024-02-29T09:00",
      ["2024-02-29", "2028-02-29", "2032-02-29"],
    ],
    [
      "weeks that start on Monday",
      { freq: "WEEKLY", interval: 2, wkst: 2, byday: ["TU", "SU"] },
      "1997-08-05T09:00",
      ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
    ],
    [
      "weeks that start on Sunday",
      { freq: "WEEKLY", interval: 2, wkst: 1, byday: ["TU", "SU"] },
      "1997-08-05T09:00",
      ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
    ],
  ])("%s", (_what, rule, dtstart, expected) => {
    expect(starts(rule, dtstart, dtstart, expected.length)).toEqual(expected);
  });

  it("does not depend on where the walk begins", () => {
    const rule = {
      freq: "MONTHLY",
      interval: 5,
      byday: ["MO", "TU", "WE", "TH", "FR"],
      bysetpos: -1,
    };
    const all = starts(rule, "1990-01-15T09:00", "1990-01-15T09:00", 60);
    for (const from of ["1993-03-03T00:00", "1999-12-31T23:59", "2010-06-30T09:00"]) {
      expect(starts(rule, "1990-01-15T09:00", from, 3)).toEqual(
        all.filter((start) => start >= from.slice(0, 10)).slice(0, 3),
      );
    }
  });

  it("stops at its budget", () => {
    const read = readRule({ freq: "HOURLY", byminute: [0, 10, 20, 30, 40, 50] });
    if (typeof read === "string") throw new Error(read);
    const budget = { left: 1_000 };
    ruleStarts(read, 0, 0, 40 * 366 * dayMs, budget);
    expect(budget.left).toBeLessThan(0);
  });
});

describe("an RRULE that is refused", () => {
  it.each([
    ["FREQ=SECONDLY", "only HOURLY"],
    ["FREQ=MINUTELY;INTERVAL=5", "only HOURLY"],
    ["FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z", "both COUNT and UNTIL"],
    ["FREQ=DAILY;COUNT=1000000", "counts more than"],
    ["FREQ=DAILY;FOO=1", "FOO"],
    ["FREQ=WEEKLY;BYDAY=1MO", "WEEKLY does not allow"],
    ["FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO"],
    ["FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY"],
    ["FREQ=DAILY;BYYEARDAY=3", "BYYEARDAY"],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"],
    ["FREQ=HOURLY;BYSETPOS=1", "BYSETPOS"],
    ["FREQ=NEVER", "invalid frequency"],
    ["FREQ=WEEKLY;BYDAY=XX", "BYDAY"],
    ["FREQ=DAILY;COUNT=many", "many"],
  ])("%s", (rule, message) => {
    const file = readIcs(anIcs(...anEvent("UID:1", "DTSTART:20260101T000000Z", `RRULE:${rule}`)));
    expect(file.problems.join(" ")).toContain(message);
  });
});
