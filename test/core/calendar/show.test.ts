import { describe, expect, it } from "vitest";
import { exportIcs } from "#core/calendar/export-ics.ts";
import { icsReader, readIcs } from "#core/calendar/ics.ts";
import { intervals } from "#core/calendar/next-opening.ts";
import { drawSchedule } from "#core/calendar/picture.ts";
import { namedZone, utc } from "#core/calendar/zone.ts";
import { aSchedule, ms } from "./a-schedule.ts";

const from = ms("2026-10-19T00:00:00Z");
const until = ms("2026-11-02T00:00:00Z");
const schedule = aSchedule({
  windows: {
    w: { timezone: "Europe/Berlin", open: { days: ["mon", "sun"], from: "09:00", to: "17:00" } },
  },
  freezes: [
    {
      name: "f",
      timezone: "Europe/Berlin",
      during: { from: "2026-10-25T00:00", until: "2026-10-26T12:00" },
    },
  ],
});
const open = intervals(schedule, { windows: [["w"]], freezes: ["f"] }, from, until);
const frozen = [{ start: ms("2026-10-24T22:00:00Z"), end: ms("2026-10-26T11:00:00Z") }];

describe("exportIcs", () => {
  const text = exportIcs({
    name: "production; a, b",
    now: from,
    rows: [
      { title: "Open: production", intervals: open, blocks: false },
      {
        title: `Freeze: ${"ä€😀".repeat(30)}`,
        description: "Line 1\nLine 2; a, b \\ c\u0000",
        intervals: frozen,
        blocks: true,
      },
    ],
  });

  it("is read back by our own reader: freezes as they were, openings transparent", () => {
    const file = readIcs(text);
    expect(file.problems).toEqual([]);
    const found: unknown[] = [];
    icsReader(file, utc)
      .sourceFor("closes")
      .fill(from, until, (start, end) => found.push({ start, end }), { left: 1_000 });
    expect(found).toEqual(frozen);
    expect(text.match(/TRANSP:TRANSPARENT/g)).toHaveLength(open.length);
  });

  it("is folded at 75 octets between characters, with CRLF, and escaped", () => {
    const lines = text.split("\r\n");
    expect(lines.at(-1)).toBe("");
    for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(text.replaceAll("\r\n", "").includes("\n")).toBe(false);
    expect(text.replaceAll("\r\n ", "")).toContain("DESCRIPTION:Line 1\\nLine 2\\; a\\, b \\\\ c ");
    expect(text.replaceAll("\r\n ", "")).toContain("ä€😀".repeat(30));
    expect(text).toContain("X-WR-CALNAME:production\\; a\\, b");
    expect(text).toContain("DTSTART:20261024T220000Z");
  });

  it("names the same opening by the same UID every time", () => {
    const uids = (now: number) =>
      exportIcs({
        name: "p",
        now,
        rows: [{ title: "Open", intervals: open, blocks: false }],
      }).match(/UID:.*/g);
    expect(uids(from)).toEqual(uids(until));
    expect(new Set(uids(from)).size).toBe(open.length);
  });
});

describe("drawSchedule", () => {
  const zone = namedZone("Europe/Berlin") ?? utc;

  it("has a row a day with openings and freezes in local time", () => {
    const svg = drawSchedule({
      title: "production",
      zone,
      from,
      days: 14,
      open,
      freezes: [{ name: "f", intervals: frozen }],
    });
    expect(svg).toContain("<title>open 09:00–17:00</title>");
    expect(svg).toContain("<title>freeze f 00:00–24:00</title>");
    expect(svg).toContain("<title>freeze f 00:00–12:00</title>");
    expect(svg).toContain("production (Europe/Berlin, 2026-10-19 to 2026-11-01)");
    expect(svg.match(/class="d"/g)).toHaveLength(14);
  });

  it("escapes names and shows a day that does not exist", () => {
    const apia = namedZone("Pacific/Apia") ?? utc;
    const svg = drawSchedule({
      title: `<script>"&`,
      zone: apia,
      from: ms("2011-12-29T20:00:00Z"),
      days: 3,
      open: [],
      freezes: [],
    });
    expect(svg).toContain("&lt;script&gt;&quot;&amp;");
    expect(svg).toContain("this day does not exist in Pacific/Apia");
  });
});
