import type { ExportedRow } from "./export-ics.ts";
import { intervals } from "./next-opening.ts";
import type { Requirement } from "./requirement.ts";
import type { Schedule } from "./schedule.ts";
import type { Interval } from "./spans.ts";
import { utc, type Zone } from "./zone.ts";

/** When an environment is open over a span of time, and which freezes are on meanwhile. */
export interface EnvironmentCalendar {
  /** Of its first window, else of its first freeze. */
  readonly zone: Zone;
  readonly openings: readonly Interval[];
  readonly freezes: readonly {
    readonly name: string;
    /** Empty: none was given. */
    readonly reason: string;
    readonly on: readonly Interval[];
  }[];
}

/** The rest of [from, until). */
function complement(open: readonly Interval[], from: number, until: number): readonly Interval[] {
  const rest: Interval[] = [];
  let at = from;
  for (const { start, end } of open) {
    if (start > at) rest.push({ start: at, end: start });
    at = Math.max(at, end);
  }
  return at < until ? [...rest, { start: at, end: until }] : rest;
}

/** The calendar of [from, until) as windows and freezes make it; what cannot be read is never open, and frozen. */
export function environmentCalendar(
  schedule: Schedule,
  { windows, freezes }: Requirement,
  from: number,
  until: number,
): EnvironmentCalendar {
  return {
    zone:
      schedule.windows.get(windows[0]?.[0] ?? "")?.zone ??
      schedule.freezes.get(freezes[0] ?? "")?.zone ??
      utc,
    openings: intervals(schedule, { windows, freezes }, from, until),
    freezes: freezes.map((name) => ({
      name,
      reason: schedule.freezes.get(name)?.reason ?? "",
      on: complement(
        intervals(schedule, { windows: [], freezes: [name] }, from, until),
        from,
        until,
      ),
    })),
  };
}

/** The same as rows of an iCalendar file. */
export const exportedRows = (
  environment: string,
  { openings, freezes }: Pick<EnvironmentCalendar, "openings" | "freezes">,
): readonly ExportedRow[] => [
  { title: `Open: ${environment}`, intervals: openings, blocks: false },
  ...freezes.map(({ name, reason, on }) => ({
    title: `Freeze: ${name}`,
    ...(reason === "" ? {} : { description: reason }),
    intervals: on,
    blocks: true,
  })),
];
