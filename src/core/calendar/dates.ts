import type { CalendarReader } from "./calendar.ts";
import { dayMs } from "#core/text/duration.ts";
import { parseLocalDate } from "./civil.ts";
import { occurrenceOfEnd, occurrenceOfStart } from "./source.ts";
import { instantOf, type Zone } from "./zone.ts";

/** A calendar written out in the policy: whole local days of its zone. */
export function datesReader(dates: readonly string[], zone: Zone): CalendarReader {
  const days = dates.flatMap((date) => parseLocalDate(date) ?? []);
  const all: ReadonlySet<number> = new Set(days);
  return {
    sourceFor: (role) => ({
      fill: (from, until, add) => {
        for (const day of all) {
          if ((day + 2) * dayMs < from || (day - 1) * dayMs > until) continue;
          add(
            instantOf(zone, day * dayMs, occurrenceOfStart[role]),
            instantOf(zone, (day + 1) * dayMs, occurrenceOfEnd[role]),
          );
        }
        return undefined;
      },
    }),
    wholeDays: () => ({ days: all, unknown: undefined, steps: 0 }),
  };
}
