import { dayMs } from "#core/text/duration.ts";
import { dayOfLocal, formatDay, weekdayOf } from "./civil.ts";
import type { Interval } from "./spans.ts";
import { instantOf, localOf, type Zone } from "./zone.ts";

/** What the picture shows: when an environment is open, and which freezes are on, over whole local days of a zone. */
export interface Picture {
  readonly title: string;
  readonly zone: Zone;
  /** Any instant of the first day, and how many days follow. */
  readonly from: number;
  readonly days: number;
  readonly open: readonly Interval[];
  readonly freezes: readonly { readonly name: string; readonly intervals: readonly Interval[] }[];
}

const [leftPx, topPx, widthPx, rowPx, linePx] = [120, 56, 720, 22, 16];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const styleSheet =
  "text{font:12px system-ui,sans-serif;fill:#1f2328}.s{font-size:11px;fill:#59636e}.d{fill:#f6f8fa}.o{fill:#2da44e}.f{fill:url(#h)}.g{stroke:#d1d9e0}";
const hatching =
  '<pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#cf222e" fill-opacity=".25"/><rect width="2" height="6" fill="#cf222e"/></pattern>';

/** Hostile input: names come from policies. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD]/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function clock(zone: Zone, at: number): string {
  const local = localOf(zone, at);
  const minutes = Math.floor((local - dayOfLocal(local) * dayMs) / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** The part of an interval that lies in one day, as a bar; a day of 23 or 25 hours is as wide as any other. */
function bar(
  interval: Interval,
  dayStart: number,
  dayEnd: number,
  y: number,
  height: number,
  kind: "o" | "f",
  label: string,
  zone: Zone,
): string {
  const start = Math.max(interval.start, dayStart);
  const end = Math.min(interval.end, dayEnd);
  if (start >= end) return "";
  const scale = widthPx / (dayEnd - dayStart);
  const x = leftPx + (start - dayStart) * scale;
  const width = Math.max(1, (end - start) * scale);
  const until = end === dayEnd ? "24:00" : clock(zone, end);
  return `<rect class="${kind}" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${height}"><title>${escaped(`${label} ${clock(zone, start)}–${until}`)}</title></rect>`;
}

function row({ zone, open, freezes }: Picture, day: number, y: number): string {
  const start = instantOf(zone, day * dayMs, "first");
  const end = instantOf(zone, (day + 1) * dayMs, "first");
  if (start >= end)
    return `<text class="s" x="${leftPx}" y="${y + linePx - 3}">this day does not exist in ${escaped(zone.id)}</text>`;
  const bars = [
    ...open.map((interval) => bar(interval, start, end, y, linePx, "o", "open", zone)),
    ...freezes.flatMap(({ name, intervals }) =>
      intervals.map((interval) =>
        bar(interval, start, end, y, linePx, "f", `freeze ${name}`, zone),
      ),
    ),
  ];
  const isMonday = weekdayOf(day) === 1;
  const label = `<text x="8" y="${y + linePx - 3}"${isMonday ? ' font-weight="600"' : ""}>${weekdays[weekdayOf(day)] ?? ""} ${formatDay(day)}</text>`;
  return `${label}<rect class="d" x="${leftPx}" y="${y}" width="${widthPx}" height="${linePx}"/>${bars.join("")}`;
}

function hourLines(height: number): string {
  return [0, 6, 12, 18, 24]
    .map((hour) => {
      const x = leftPx + (widthPx * hour) / 24;
      return `<line class="g" x1="${x}" y1="${topPx - 4}" x2="${x}" y2="${height - 8}"/><text class="s" x="${x}" y="${topPx - 8}" text-anchor="middle">${String(hour).padStart(2, "0")}:00</text>`;
    })
    .join("");
}

/** The coming days as an SVG text: a row a day, green where it is open, hatched red where a freeze is on. */
export function drawSchedule(picture: Picture): string {
  const firstDay = dayOfLocal(localOf(picture.zone, picture.from));
  const days = Math.max(1, Math.min(Math.floor(picture.days), 366));
  const height = topPx + days * rowPx + 12;
  const rows = Array.from({ length: days }, (_, index) =>
    row(picture, firstDay + index, topPx + index * rowPx),
  );
  const caption = `${picture.title} (${picture.zone.id}, ${formatDay(firstDay)} to ${formatDay(firstDay + days - 1)})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${leftPx + widthPx + 24} ${height}" width="${leftPx + widthPx + 24}" height="${height}" role="img" aria-label="${escaped(caption)}">`,
    `<style>${styleSheet}</style><defs>${hatching}</defs><rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="8" y="22" font-weight="600">${escaped(caption)}</text>`,
    hourLines(height),
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}
