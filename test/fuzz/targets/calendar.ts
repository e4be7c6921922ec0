import fc from "fast-check";
import { stretchSteps } from "#core/calendar/budget.ts";
import { icsReader, readIcs } from "#core/calendar/ics.ts";
import { namedZone, utc } from "#core/calendar/zone.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";

const berlin = namedZone("Europe/Berlin") ?? utc;
const day = 86_400_000;
const now = Date.UTC(2026, 2, 2, 12);
const event = (...lines: readonly string[]): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "BEGIN:VEVENT",
    "UID:1",
    ...lines,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
const property = fc.constantFrom(
  "DTSTART:20260302T090000Z",
  "DTSTART;VALUE=DATE:20260302",
  "DTSTART;TZID=Europe/Berlin:20260329T023000",
  "DTEND:20260302T100000Z",
  "DURATION:PT1H",
  "DURATION:-P1W",
  "DURATION:P99999999D",
  "RRULE:FREQ=SECONDLY",
  "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
  "RRULE:FREQ=MONTHLY;BYDAY=-1FR;BYSETPOS=-1;UNTIL=20300101",
  "RRULE:FREQ=MINUTELY;BYSECOND=59;COUNT=1000000",
  "RRULE:FREQ=DAILY;INTERVAL=0",
  "RDATE:20260401T000000Z",
  "EXDATE:20260303T090000Z",
  "RECURRENCE-ID:20260303T090000Z",
  "STATUS:CANCELLED",
  "TRANSP:TRANSPARENT",
  "SEQUENCE:2",
  "SUMMARY:x\\, y",
  'SUMMARY;LANGUAGE="a:b":z',
  "BEGIN:VEVENT",
  "END:VEVENT",
  "UID:1",
  "BEGIN:VTIMEZONE",
  "TZID:X",
  "END:VTIMEZONE",
);

export const target: FuzzTarget = {
  name: "calendar",
  corpus: [
    event("DTSTART:20260302T090000Z", "DTEND:20260302T170000Z", "SUMMARY:Release"),
    event(
      "DTSTART;TZID=Europe/Berlin:20260302T090000",
      "DURATION:PT8H",
      "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20270101T000000Z",
      "EXDATE;TZID=Europe/Berlin:20260309T090000",
      "SUMMARY:Office",
    ),
    event(
      "DTSTART;VALUE=DATE:20261224",
      "DTEND;VALUE=DATE:20261227",
      "RRULE:FREQ=YEARLY;COUNT=5",
      "SUMMARY:Holidays",
      "END:VEVENT",
      "BEGIN:VEVENT",
      "UID:1",
      "RECURRENCE-ID;VALUE=DATE:20271224",
      "DTSTART;VALUE=DATE:20271223",
      "SEQUENCE:1",
    ),
    "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART;TZID=Mine:20260101T100000\r\nDTEND;TZID=Mine:20260101T110000\r\nRRULE:FREQ=MONTHLY;BYDAY=1MO,-1FR;BYSETPOS=1\r\nRDATE;TZID=Mine:20260105T100000\r\nSUMMARY:folded\r\n  line\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
  ],
  madeUp: fc.array(property, { maxLength: 25 }).map((lines) => event(...lines)),
  read: (input) => {
    const file = readIcs(textOf(input));
    for (const problem of file.problems) promise(problem !== "", "a problem has words");
    const reader = icsReader(file, berlin);
    for (const role of ["opens", "closes"] as const) {
      const source = reader.sourceFor(role);
      source.fill(
        now - day,
        now + 400 * day,
        (start, end) =>
          promise(
            Number.isFinite(start) && Number.isFinite(end) && start <= end,
            "a stretch of time begins before it ends",
          ),
        { left: stretchSteps },
      );
      source.labelAt?.(now);
    }
    reader.wholeDays(Math.floor(now / day), Math.floor(now / day) + 30, berlin);
  },
};
