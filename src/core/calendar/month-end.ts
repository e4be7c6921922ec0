import type { Calendar } from "./calendar.ts";
import { dayMs } from "#core/text/duration.ts";
import { civilOf, dayOf, dayOfLocal, daysInMonth, weekdayOf } from "./civil.ts";
import { occurrenceOfEnd, type Role, type Source, occurrenceOfStart } from "./source.ts";
import { instantOf, localOf, type Zone } from "./zone.ts";

/** A run of holidays longer than this many days (less a month) is not looked across. */
const marginDays = 200;

/**
 * From the local midnight that starts the N-th last business day of a month until the local midnight that starts the
 * first business day of the next. Business days are Monday to Friday without the whole days of the calendar. A month
 * with fewer than N business days starts at its first.
 */
export function monthEndSource(
  lastBusinessDays: number,
  holidays: Calendar | undefined,
  zone: Zone,
  role: Role,
): Source {
  return {
    fill: (from, until, add, budget) => {
      const isHoliday = holidays?.holidaysIn(zone, budget);
      const firstDay = dayOfLocal(localOf(zone, from)) - marginDays;
      const lastDay = dayOfLocal(localOf(zone, until)) + marginDays;
      let unknown: string | undefined;
      const isBusiness = (day: number): boolean => {
        if (weekdayOf(day) % 6 === 0) return false;
        const holiday = isHoliday?.(day) ?? false;
        if (typeof holiday === "boolean") return !holiday;
        unknown = holiday.unknown;
        return true;
      };
      const first = civilOf(firstDay + marginDays - 165);
      let year = first.year;
      let month = first.month;
      for (;;) {
        const monthStart = dayOf(year, month, 1);
        if (monthStart > lastDay - 165) return unknown;
        const monthEnd = monthStart + daysInMonth(year, month);
        const start = nthLast(monthStart, monthEnd, lastBusinessDays, isBusiness);
        if (start !== undefined) {
          let end = monthEnd;
          while (!isBusiness(end) && end < lastDay) end += 1;
          add(
            instantOf(zone, start * dayMs, occurrenceOfStart[role]),
            instantOf(zone, end * dayMs, occurrenceOfEnd[role]),
          );
        }
        month = month === 12 ? 1 : month + 1;
        if (month === 1) year += 1;
      }
    },
  };
}

function nthLast(
  monthStart: number,
  monthEnd: number,
  count: number,
  isBusiness: (day: number) => boolean,
): number | undefined {
  let found: number | undefined;
  let left = count;
  for (let day = monthEnd - 1; day >= monthStart && left > 0; day -= 1) {
    if (!isBusiness(day)) continue;
    found = day;
    left -= 1;
  }
  return found;
}
