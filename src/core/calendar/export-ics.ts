import type { Interval } from "./spans.ts";

/** One line of openings or freezes in an exported calendar. */
export interface ExportedRow {
  /** What each event is called: "Open: production", "Freeze: month-end". */
  readonly title: string;
  readonly description?: string | undefined;
  readonly intervals: readonly Interval[];
  /** Freezes keep people busy (OPAQUE); openings do not (TRANSPARENT). */
  readonly blocks: boolean;
}

export interface CalendarExport {
  readonly name: string;
  /** Epoch ms; the DTSTAMP of every event. */
  readonly now: number;
  readonly rows: readonly ExportedRow[];
}

function stamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** RFC 5545, 3.3.11. Hostile input: names and reasons come from policies. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll(/\r\n|\r|\n/g, "\\n")
    .replaceAll(";", "\\;")
    .replaceAll(",", "\\,")
    .replaceAll(/[\0-\x08\x0b-\x1f\x7f]/g, " ");
}

/** How many octets a character takes in UTF-8. */
function octets(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** RFC 5545, 3.1: lines of at most 75 octets, never cut inside a character. */
function folded(line: string): string {
  let out = "";
  let length = 0;
  for (const character of line) {
    const size = octets(character);
    if (length + size > 75) {
      out += "\r\n ";
      length = 1;
    }
    out += character;
    length += size;
  }
  return out;
}

/** Stable: the same opening has the same UID in every export, so that a subscribed calendar updates instead of doubling. */
function uidOf(title: string, { start }: Interval): string {
  let hash = 0x811c9dc5;
  for (const character of title)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return `${hash.toString(16).padStart(8, "0")}-${start}@gatehouse`;
}

/** Openings and freezes as an iCalendar text (RFC 5545: CRLF, folded, UTC). Intervals must be finite. */
export function exportIcs({ name, now, rows }: CalendarExport): string {
  const events = rows.flatMap(({ title, description, intervals, blocks }) =>
    intervals.flatMap((interval) => [
      "BEGIN:VEVENT",
      `UID:${uidOf(title, interval)}`,
      `DTSTAMP:${stamp(now)}`,
      `DTSTART:${stamp(interval.start)}`,
      `DTEND:${stamp(interval.end)}`,
      `SUMMARY:${escaped(title)}`,
      ...(description === undefined ? [] : [`DESCRIPTION:${escaped(description)}`]),
      `TRANSP:${blocks ? "OPAQUE" : "TRANSPARENT"}`,
      "END:VEVENT",
    ]),
  );
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Gatehouse//Gatehouse//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `X-WR-CALNAME:${escaped(name)}`,
    ...events,
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}
