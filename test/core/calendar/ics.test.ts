import { describe, expect, it } from "vitest";
import { freezeAt } from "#core/calendar/freeze.ts";
import { utc } from "#core/calendar/zone.ts";
import { icsReader, readIcs } from "#core/calendar/ics.ts";
import { largestIcs } from "#core/calendar/ics-jcal.ts";
import { anEvent, anIcs, compiled, ms } from "./a-schedule.ts";
import { instances } from "./instances.ts";

const newYorkNight = [
  "DTSTART;TZID=America/New_York:20261024T220000",
  "DTEND;TZID=America/New_York:20261025T060000",
  "RRULE:FREQ=WEEKLY;COUNT=3",
];
const madeUpZone = [
  "BEGIN:VTIMEZONE",
  "TZID:Office",
  "BEGIN:STANDARD",
  "DTSTART:20001029T030000",
  "TZOFFSETFROM:+0500",
  "TZOFFSETTO:+0400",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "END:STANDARD",
  "BEGIN:DAYLIGHT",
  "DTSTART:20000326T020000",
  "TZOFFSETFROM:+0400",
  "TZOFFSETTO:+0500",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  "END:DAYLIGHT",
  "END:VTIMEZONE",
];

describe("iCalendar times", () => {
  it.each([
    [
      "UTC",
      ["DTSTART:20260701T100000Z", "DTEND:20260701T110000Z"],
      ["2026-07-01T10:00Z/2026-07-01T11:00Z"],
    ],
    [
      "floating: the policy's zone",
      ["DTSTART:20260701T100000", "DTEND:20260701T110000"],
      ["2026-07-01T08:00Z/2026-07-01T09:00Z"],
    ],
    [
      "a TZID without VTIMEZONE",
      ["DTSTART;TZID=America/New_York:20260701T100000", "DURATION:PT90M"],
      ["2026-07-01T14:00Z/2026-07-01T15:30Z"],
    ],
    [
      "a TZID behind a vendor's prefix",
      [
        "DTSTART;TZID=/example.org/2007/America/Argentina/Buenos_Aires:20260701T100000",
        "DURATION:PT1H",
      ],
      ["2026-07-01T13:00Z/2026-07-01T14:00Z"],
    ],
    [
      "an all-day event: the policy's zone",
      ["DTSTART;VALUE=DATE:20260701"],
      ["2026-06-30T22:00Z/2026-07-01T22:00Z"],
    ],
    [
      "an all-day event over the clock change",
      ["DTSTART;VALUE=DATE:20261024", "DTEND;VALUE=DATE:20261026"],
      ["2026-10-23T22:00Z/2026-10-25T23:00Z"],
    ],
    [
      "an all-day event that ends where it starts",
      ["DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260701"],
      ["2026-06-30T22:00Z/2026-07-01T22:00Z"],
    ],
    [
      "days are nominal, hours are elapsed",
      ["DTSTART:20261024T120000", "DURATION:P1DT2H"],
      ["2026-10-24T10:00Z/2026-10-25T13:00Z"],
    ],
    [
      "elapsed hours over the clock change",
      ["DTSTART:20261024T120000", "DURATION:PT24H"],
      ["2026-10-24T10:00Z/2026-10-25T10:00Z"],
    ],
    ["no end: no time", ["DTSTART:20260701T100000Z"], []],
    [
      "ends on another wall",
      ["DTSTART;TZID=Asia/Tokyo:20260701T100000", "DTEND;TZID=Europe/Berlin:20260701T100000"],
      ["2026-07-01T01:00Z/2026-07-01T08:00Z"],
    ],
    [
      "RDATE with PERIOD",
      [
        "DTSTART:20260701T100000Z",
        "DTEND:20260701T110000Z",
        "RDATE;VALUE=PERIOD:20260801T100000Z/PT2H,20260901T100000Z/20260901T103000Z",
      ],
      [
        "2026-07-01T10:00Z/2026-07-01T11:00Z",
        "2026-08-01T10:00Z/2026-08-01T12:00Z",
        "2026-09-01T10:00Z/2026-09-01T10:30Z",
      ],
    ],
    [
      "RDATE on another wall",
      [
        "DTSTART:20260701T100000Z",
        "DTEND:20260701T110000Z",
        "RDATE;TZID=Asia/Tokyo:20260801T100000",
      ],
      ["2026-07-01T10:00Z/2026-07-01T11:00Z", "2026-08-01T01:00Z/2026-08-01T02:00Z"],
    ],
    [
      "all-day RDATE",
      ["DTSTART;VALUE=DATE:20260701", "RDATE;VALUE=DATE:20260703"],
      ["2026-06-30T22:00Z/2026-07-01T22:00Z", "2026-07-02T22:00Z/2026-07-03T22:00Z"],
    ],
    [
      "COUNT counts DTSTART",
      ["DTSTART:20260701T100000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=2"],
      ["2026-07-01T10:00Z/2026-07-01T11:00Z", "2026-07-08T10:00Z/2026-07-08T11:00Z"],
    ],
    [
      "UNTIL in UTC against local starts",
      [
        "DTSTART;TZID=America/New_York:20261030T200000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;UNTIL=20261101T010000Z",
      ],
      ["2026-10-31T00:00Z/2026-10-31T01:00Z", "2026-11-01T00:00Z/2026-11-01T01:00Z"],
    ],
    [
      "UNTIL as a date",
      ["DTSTART:20260701T100000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20260702"],
      ["2026-07-01T08:00Z/2026-07-01T09:00Z", "2026-07-02T08:00Z/2026-07-02T09:00Z"],
    ],
    [
      "UNTIL in UTC of an all-day series",
      ["DTSTART;VALUE=DATE:20260701", "RRULE:FREQ=DAILY;UNTIL=20260701T220000Z"],
      ["2026-06-30T22:00Z/2026-07-01T22:00Z", "2026-07-01T22:00Z/2026-07-02T22:00Z"],
    ],
    [
      "EXDATE as a date",
      [
        "DTSTART:20260701T100000Z",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=3",
        "EXDATE;VALUE=DATE:20260702",
      ],
      ["2026-07-01T10:00Z/2026-07-01T11:00Z", "2026-07-03T10:00Z/2026-07-03T11:00Z"],
    ],
    [
      "EXDATE on another wall",
      [
        "DTSTART;TZID=America/New_York:20260701T100000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=2",
        "EXDATE:20260701T140000Z",
      ],
      ["2026-07-02T14:00Z/2026-07-02T15:00Z"],
    ],
    [
      "EXDATE of an all-day series in UTC",
      ["DTSTART;VALUE=DATE:20260701", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260630T220000Z"],
      ["2026-07-01T22:00Z/2026-07-02T22:00Z"],
    ],
    [
      "the night of a clock change keeps its wall-clock end",
      newYorkNight,
      [
        "2026-10-25T02:00Z/2026-10-25T10:00Z",
        "2026-11-01T02:00Z/2026-11-01T11:00Z",
        "2026-11-08T03:00Z/2026-11-08T11:00Z",
      ],
    ],
  ])("%s", (_what, lines, expected) => {
    expect(instances(anIcs(...anEvent("UID:1", ...lines)))).toEqual(expected);
  });

  it("honour the file's own VTIMEZONE, also where its name is not IANA's", () => {
    const event = (stamp: string) =>
      anEvent(`UID:${stamp}`, `DTSTART;TZID=Office:${stamp}`, "DURATION:PT1H");
    const text = anIcs(
      ...madeUpZone,
      ...event("20260115T120000"),
      ...event("20260715T120000"),
      ...event("20260329T023000"),
      ...event("20261025T023000"),
    );
    expect(instances(text)).toEqual([
      "2026-01-15T08:00Z/2026-01-15T09:00Z",
      "2026-03-28T22:00Z/2026-03-28T23:00Z",
      "2026-07-15T07:00Z/2026-07-15T08:00Z",
      "2026-10-24T21:30Z/2026-10-24T22:30Z",
    ]);
    expect(instances(text, { role: "opens" }).at(-1)).toBe("2026-10-24T22:30Z/2026-10-24T23:30Z");
  });

  it("honour a VTIMEZONE that lists its changes, counts them or ends them", () => {
    const observance = (
      kind: string,
      start: string,
      offsets: readonly [string, string],
      ...more: readonly string[]
    ) => [
      `BEGIN:${kind}`,
      `DTSTART:${start}`,
      `TZOFFSETFROM:${offsets[0]}`,
      `TZOFFSETTO:${offsets[1]}`,
      ...more,
      `END:${kind}`,
    ];
    const text = anIcs(
      "BEGIN:VTIMEZONE",
      "TZID:Z",
      ...observance(
        "DAYLIGHT",
        "20240301T000000",
        ["+0000", "+0100"],
        "RRULE:FREQ=YEARLY;UNTIL=20250301T000000Z",
      ),
      ...observance("STANDARD", "20240901T000000", ["+0100", "+0000"], "RRULE:FREQ=YEARLY;COUNT=2"),
      ...observance(
        "STANDARD",
        "20270101T000000",
        ["+0000", "-0330"],
        "RDATE:20270101T000000,20280101T000000",
      ),
      "END:VTIMEZONE",
      ...["20240601", "20250601", "20260601", "20270601"].flatMap((day) =>
        anEvent(`UID:${day}`, `DTSTART;TZID=Z:${day}T120000`, "DURATION:PT1H"),
      ),
    );
    expect(instances(text).map((instance) => instance.slice(0, 17))).toEqual([
      "2024-06-01T11:00Z",
      "2025-06-01T11:00Z",
      "2026-06-01T12:00Z",
      "2027-06-01T15:30Z",
    ]);
  });

  it("honour a VTIMEZONE that differs from the IANA zone of its name", () => {
    const text = anIcs(
      ...madeUpZone.map((line) => line.replace("Office", "Europe/Berlin")),
      ...anEvent("UID:1", "DTSTART;TZID=Europe/Berlin:20260715T120000", "DURATION:PT1H"),
    );
    expect(instances(text)).toEqual(["2026-07-15T07:00Z/2026-07-15T08:00Z"]);
  });

  it.each([
    ["closes" as const, ["2026-10-25T00:30Z/2026-10-25T02:00Z"]],
    ["opens" as const, ["2026-10-25T01:30Z/2026-10-25T02:00Z"]],
  ])("a repeated local start, where it %s", (role, expected) => {
    expect(
      instances(anIcs(...anEvent("UID:1", "DTSTART:20261025T023000", "DTEND:20261025T030000")), {
        role,
      }),
    ).toEqual(expected);
  });

  it("follow every later instance with RANGE=THISANDFUTURE", () => {
    const text = anIcs(
      ...anEvent("UID:1", "DTSTART:20260701T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4"),
      ...anEvent(
        "UID:1",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260703T100000Z",
        "DTSTART:20260703T150000Z",
        "DURATION:PT2H",
      ),
    );
    expect(instances(text)).toEqual([
      "2026-07-01T10:00Z/2026-07-01T11:00Z",
      "2026-07-02T10:00Z/2026-07-02T11:00Z",
      "2026-07-03T15:00Z/2026-07-03T17:00Z",
      "2026-07-04T15:00Z/2026-07-04T17:00Z",
    ]);
  });

  it("take the replacement of the highest SEQUENCE, and a replacement without master for itself", () => {
    const text = anIcs(
      ...anEvent("UID:1", "DTSTART:20260701T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
      ...anEvent(
        "UID:1",
        "SEQUENCE:2",
        "RECURRENCE-ID:20260702T100000Z",
        "DTSTART:20260702T150000Z",
        "DURATION:PT1H",
      ),
      ...anEvent(
        "UID:1",
        "SEQUENCE:1",
        "RECURRENCE-ID:20260702T100000Z",
        "DTSTART:20260702T200000Z",
        "DURATION:PT1H",
      ),
      ...anEvent(
        "UID:9",
        "RECURRENCE-ID:20260801T100000Z",
        "DTSTART:20260801T120000Z",
        "DURATION:PT1H",
      ),
    );
    expect(instances(text)).toEqual([
      "2026-07-01T10:00Z/2026-07-01T11:00Z",
      "2026-07-02T15:00Z/2026-07-02T16:00Z",
      "2026-08-01T12:00Z/2026-08-01T13:00Z",
    ]);
  });

  it("give the same instances whichever stretch is asked for", () => {
    const text = anIcs(
      ...anEvent("UID:1", ...newYorkNight),
      ...anEvent("UID:2", "DTSTART;VALUE=DATE:20200131", "RRULE:FREQ=MONTHLY;COUNT=40"),
    );
    const all = instances(text);
    const byMonth = Array.from({ length: 120 }, (_, month) => {
      const from = new Date(Date.UTC(2020, month, 1)).toISOString();
      return instances(text, { from, until: new Date(Date.UTC(2020, month + 1, 1)).toISOString() });
    });
    expect([...new Set(byMonth.flat())]).toEqual(all);
  });
});

describe("a broken or hostile file", () => {
  const event = (...lines: string[]) => anIcs(...anEvent("UID:1", "SUMMARY:Audit", ...lines));

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "a property that is called %s is one that nobody knows",
    (name) => {
      const times = ["DTSTART:20260102T000000Z", "DTEND:20260102T010000Z"];
      const file = readIcs(event(`${name}:x`, ...times, `${name};X=y:z`));
      expect(file.problems).toEqual([]);
      expect(file.series).toHaveLength(1);
      expect(readIcs(`BEGIN:VCALENDAR\r\nBEGIN:\r\n${name}:\r\nEND:\r\nEND:`).series).toEqual([]);
    },
  );

  it.each([
    ["once", []],
    ["again and again", ["RRULE:FREQ=DAILY"]],
  ])(
    "closes nothing in silence where an end on another wall lies before the start, %s",
    (_, rule) => {
      const file = readIcs(event("DTSTART:20260302T100000", "DTEND:20260301T100000Z", ...rule));
      expect(file.problems).toEqual([]);
      const seen: number[] = [];
      const fill = (role: "opens" | "closes"): string | undefined =>
        icsReader(file, utc)
          .sourceFor(role)
          .fill(Date.UTC(2026, 1, 1), Date.UTC(2026, 4, 1), (start) => seen.push(start), {
            left: 1_000,
          });
      expect(fill("closes")).toBe('event "Audit" ends before it starts');
      expect(fill("opens")).toBeUndefined();
      expect(seen).toEqual([]);
    },
  );

  it.each([
    ["an empty file", "", "no VCALENDAR"],
    ["a web page", "<!doctype html><title>Sign in</title>", "not iCalendar"],
    ["half a file", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", "not iCalendar"],
    ["a line that is none", anIcs("BEGIN:VEVENT", "SUMMARY=testevent", "END:VEVENT"), "(line 5)"],
    ["no start", event("DTEND:20260101T000000Z"), 'event "Audit" has no DTSTART'],
    ["a date that does not exist", event("DTSTART:20261301T000000Z"), "bad DTSTART"],
    [
      "an end before the start",
      event("DTSTART:20260102T000000Z", "DTEND:20260101T000000Z"),
      "ends before it starts",
    ],
    ["a negative duration", event("DTSTART:20260102T000000Z", "DURATION:-PT1H"), "bad DURATION"],
    [
      "a date and a date-time",
      event("DTSTART;VALUE=DATE:20260102", "DTEND:20260103T000000Z"),
      "mixes",
    ],
    [
      "an unknown zone",
      event("DTSTART;TZID=Mars/Olympus:20260102T000000", "DURATION:PT1H"),
      "neither an IANA zone nor described",
    ],
    ["an empty TZID", event("DTSTART;TZID=:20260102T000000", "DURATION:PT1H"), "time zone"],
    [
      "a VTIMEZONE without rules",
      anIcs(
        "BEGIN:VTIMEZONE",
        "TZID:S",
        "END:VTIMEZONE",
        ...anEvent("UID:1", "DTSTART;TZID=S:20260102T000000"),
      ),
      "cannot be read (no observance)",
    ],
    [
      "a VTIMEZONE with mad offsets",
      anIcs(
        "BEGIN:VTIMEZONE",
        "TZID:S",
        "BEGIN:STANDARD",
        "DTSTART:20000101T000000",
        "TZOFFSETFROM:+9900",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        ...anEvent("UID:1", "DTSTART;TZID=S:20260102T000000"),
      ),
      "cannot be read",
    ],
    ["EXRULE", event("DTSTART:20260102T000000Z", "EXRULE:FREQ=DAILY"), "EXRULE"],
    [
      "a replacement that repeats",
      event("RECURRENCE-ID:20260102T000000Z", "DTSTART:20260102T000000Z", "RRULE:FREQ=DAILY"),
      "repeats itself",
    ],
    [
      "a repeated event of years",
      event("DTSTART:20260102T000000Z", "DTEND:29990101T000000Z", "RRULE:FREQ=DAILY"),
      "longer than a year",
    ],
    ["lines outside of a calendar", "a:b\r\nc:d\r\n", "outside of BEGIN:VCALENDAR"],
    [
      "a bad EXDATE",
      event("DTSTART:20260102T000000Z", "RRULE:FREQ=DAILY", "EXDATE:tomorrow"),
      "bad EXDATE",
    ],
    [
      "a bad PERIOD",
      event("DTSTART:20260102T000000Z", "RDATE;VALUE=PERIOD:20260102T000000Z/soon"),
      "bad PERIOD",
    ],
    ["a file too large", `${"X".repeat(largestIcs)}\r\n`, "larger than"],
    [
      "components nested too deep",
      `${"BEGIN:X\r\n".repeat(20)}${"END:X\r\n".repeat(20)}`,
      "nested",
    ],
    [
      "too many events",
      anIcs(...Array.from({ length: 2_001 }, () => ["BEGIN:VEVENT", "END:VEVENT"]).flat()),
      "more than 2000 events",
    ],
    [
      "markup in a summary",
      anIcs(...anEvent("UID:1", "SUMMARY:@everyone <img src=x> [a](http://x) `b`")),
      'event "everyone img src=x a (http://x) b" has no DTSTART',
    ],
  ])("%s is said, and nothing throws", (_what, text, message) => {
    expect(readIcs(text).problems.join("; ")).toContain(message);
  });

  it("an event that repeats without end within its budget is followed, and beyond it is unknown, not off", () => {
    const hourly = Array.from({ length: 600 }, (_, index) =>
      anEvent(
        `UID:${index}`,
        "DTSTART:20200101T000000Z",
        "DURATION:PT1M",
        "RRULE:FREQ=HOURLY;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55",
      ),
    ).flat();
    const { schedule } = compiled(
      { freezes: [{ name: "f", timezone: "UTC", during: { ics: "a.ics" } }] },
      { "a.ics": anIcs(...hourly) },
    );
    expect(freezeAt(schedule, "f", ms("2026-05-05T10:02:30Z"))).toMatchObject({
      on: "unknown",
      because: expect.stringContaining("repeats too often"),
    });
  });

  it("ignores what is broken in an event that takes no time anyway", () => {
    expect(
      readIcs(event("STATUS:CANCELLED", "DTSTART;TZID=Mars/Olympus:20260102T000000")).problems,
    ).toEqual([]);
    expect(readIcs(event("TRANSP:TRANSPARENT", "DTSTART:nonsense")).problems).toEqual([]);
  });
});
