import { type Budget, stretchSteps } from "./budget.ts";
import { type Role, type Source, unreadableSource } from "./source.ts";
import { type Timeline, timelineOf } from "./timeline.ts";
import type { Zone } from "./zone.ts";

/** The days that a calendar covers from midnight to midnight, or why that cannot be said. */
export interface WholeDays {
  readonly days: ReadonlySet<number>;
  readonly unknown: string | undefined;
  readonly steps: number;
}

/** What a kind of calendar has to answer. */
export interface CalendarReader {
  readonly sourceFor: (role: Role) => Source;
  /** Days in [firstDay, lastDay]. All-day events count on their own dates; a timed event counts where it covers the whole local day of `zone`. */
  readonly wholeDays: (firstDay: number, lastDay: number, zone: Zone) => WholeDays;
}

/** A named calendar, ready to be asked as often as windows and freezes refer to it: what it closes, and its holidays. */
export interface Calendar {
  readonly source: Source;
  readonly closing: Timeline;
  /** Each stretch of days that the answers need is paid for once, from `budget`. */
  readonly holidaysIn: (
    zone: Zone,
    budget: Budget,
  ) => (day: number) => boolean | { readonly unknown: string };
}

/** Days are read in blocks of this many, once per zone. */
const daysInBlock = 128;

export function calendarOf(reader: CalendarReader, steps = stretchSteps): Calendar {
  const source = reader.sourceFor("closes");
  const zones = new Map<Zone, Map<number, WholeDays>>();
  return {
    source,
    closing: timelineOf([source], [], steps),
    holidaysIn: (zone, budget) => {
      const blocks = zones.get(zone) ?? new Map<number, WholeDays>();
      zones.set(zone, blocks);
      const paid = new Set<number>();
      return (day) => {
        const index = Math.floor(day / daysInBlock);
        if (!paid.has(index) && budget.left < 0)
          return { unknown: `${source.name ?? "a calendar"} repeats too often to be followed` };
        const block =
          blocks.get(index) ??
          reader.wholeDays(index * daysInBlock, (index + 1) * daysInBlock - 1, zone);
        blocks.set(index, block);
        if (!paid.has(index)) budget.left -= block.steps;
        paid.add(index);
        return block.unknown === undefined ? block.days.has(day) : { unknown: block.unknown };
      };
    },
  };
}

/** A calendar that cannot be read: every question fails closed, saying why. */
export function unreadableCalendar(because: string): Calendar {
  return calendarOf({
    sourceFor: () => unreadableSource(because),
    wholeDays: () => ({ days: new Set<number>(), unknown: because, steps: 0 }),
  });
}
