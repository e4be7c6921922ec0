import { describe, expect, it } from "vitest";
import { readIcs } from "#core/calendar/ics.ts";
import { instances } from "../core/calendar/instances.ts";
import { corpusText } from "./folder.ts";

describe("the calendars of the corpus", () => {
  /** file, instances in 2000–2030 in Europe/Berlin, first, last, problem */
  const rows: readonly (readonly [
    string,
    number,
    string | undefined,
    string | undefined,
    string?,
  ])[] = [
    ["ical.js__New_York.ics", 0, undefined, undefined],
    ["ical.js__RRULE_UNTIL_test.ics", 0, undefined, undefined],
    ["ical.js__day_long_recur_yearly.ics", 0, undefined, undefined],
    [
      "ical.js__multiple_rrules.ics",
      36,
      "2012-03-26T18:00Z/2012-03-26T18:30Z",
      "2012-07-29T18:00Z/2012-07-29T18:30Z",
    ],
    [
      "ical.js__recur_instances.ics",
      209,
      "2012-10-02T22:00Z/2012-10-02T22:30Z",
      "2029-12-04T18:00Z/2029-12-04T18:30Z",
    ],
    [
      "ical4j__ArgentinaHolidays.ics",
      11,
      "2004-12-31T23:00Z/2005-01-01T23:00Z",
      "2005-12-24T23:00Z/2005-12-25T23:00Z",
    ],
    [
      "ical4j__Australian32Holidays.ics",
      173,
      "2001-12-31T23:00Z/2002-01-01T23:00Z",
      "2029-12-31T23:00Z/2030-01-01T23:00Z",
    ],
    [
      "ical4j__EXDATE.ics",
      5,
      "2006-01-01T02:00Z/2006-01-01T03:00Z",
      "2006-01-07T02:00Z/2006-01-07T03:00Z",
    ],
    [
      "ical4j__SwedishHolidays2003-2006.ics",
      52,
      "2002-12-31T23:00Z/2003-01-01T23:00Z",
      "2006-12-25T23:00Z/2006-12-26T23:00Z",
    ],
    [
      "ical4j__blankTzid.ics",
      1,
      "2015-08-26T09:00Z/2015-08-26T10:00Z",
      "2015-08-26T09:00Z/2015-08-26T10:00Z",
    ],
    [
      "ical4j__dst-only-vtimezone.ics",
      1,
      "2018-04-03T07:00Z/2018-04-03T08:15Z",
      "2018-04-03T07:00Z/2018-04-03T08:15Z",
    ],
    [
      "icalendar__event_with_recurrence_exdates_on_different_lines.ics",
      10,
      "2012-03-27T08:00Z/2012-03-27T16:00Z",
      "2012-07-03T08:00Z/2012-07-03T16:00Z",
    ],
    ["icalendar__fuzz_testcase_vtimezone_lone_cr.ics", 0, undefined, undefined, "no VCALENDAR"],
    ["icalendar__issue_1081_invalid_rrule_freq.ics", 0, undefined, undefined, "invalid frequency"],
    [
      "icalendar__issue_112_missing_tzinfo_on_exdate.ics",
      11,
      "2013-09-07T16:00Z/2013-09-07T21:00Z",
      "2013-10-19T16:00Z/2013-10-19T21:00Z",
    ],
    [
      "icalendar__issue_156_RDATE_with_PERIOD_TZID_khal.ics",
      0,
      undefined,
      undefined,
      "Central Standard Time",
    ],
    [
      "icalendar__issue_218_bad_tzid.ics",
      1,
      "2017-02-28T12:00Z/2017-02-28T12:30Z",
      "2017-02-28T12:00Z/2017-02-28T12:30Z",
    ],
    [
      "icalendar__issue_313_globally_unique_tzid.ics",
      3,
      "2020-04-26T12:00Z/2020-04-26T13:00Z",
      "2020-04-26T18:00Z/2020-04-26T19:00Z",
    ],
    ["icalendar__issue_722_timezone_transition_ambiguity.ics", 0, undefined, undefined],
    ["icalendar__timezone_rdate.ics", 0, undefined, undefined, "line 53"],
    [
      "icalendar__timezone_same_start_and_offset.ics",
      1,
      "2017-02-24T03:00Z/2017-02-24T03:30Z",
      "2017-02-24T03:00Z/2017-02-24T03:30Z",
    ],
  ];
  it.each(rows)("%s has %d instances", (name, count, first, last, problem) => {
    const text = corpusText(`calendars/${name}`);
    const found = instances(text);
    expect([found.length, found[0], found.at(-1)]).toEqual([count, first, last]);
    const problems = readIcs(text).problems;
    if (problem === undefined) expect(problems).toEqual([]);
    else expect(problems.join("; ")).toContain(problem);
  });
});
