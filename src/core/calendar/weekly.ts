import { dayMs } from "#core/text/duration.ts";
import { dayOfLocal, weekdayOf } from "./civil.ts";
import { occurrenceOfEnd, type Role, type Source, occurrenceOfStart } from "./source.ts";
import { type Weekday, weekdays } from "./time-form.ts";
import { instantOf, localOf, type Zone } from "./zone.ts";

/** One interval per local start day; an end at or before the start lies on the next day. Times in milliseconds of the day. */
export function weeklySource(
  form: { readonly days: readonly Weekday[]; readonly from: number; readonly to: number },
  zone: Zone,
  role: Role,
): Source {
  const wanted = weekdays.map((weekday) => form.days.includes(weekday));
  const endOffset = form.to <= form.from ? form.to + dayMs : form.to;
  return {
    fill: (from, until, add) => {
      // Two days of margin before (the interval's own length, a skipped day) and one after (a repeated time).
      const lastDay = dayOfLocal(localOf(zone, until)) + 1;
      for (let day = dayOfLocal(localOf(zone, from)) - 3; day <= lastDay; day += 1) {
        if (wanted[weekdayOf(day)] !== true) continue;
        const midnight = day * dayMs;
        add(
          instantOf(zone, midnight + form.from, occurrenceOfStart[role]),
          instantOf(zone, midnight + endOffset, occurrenceOfEnd[role]),
        );
      }
      return undefined;
    },
  };
}
