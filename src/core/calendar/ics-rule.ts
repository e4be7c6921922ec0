import type { Budget } from "./budget.ts";
import { dayMs } from "#core/text/duration.ts";
import { civilOf, dayOf, dayOfLocal, daysInMonth, hourMs, weekdayOf } from "./civil.ts";

// Why not the iterator of ical.js: measured on 2.2.1, it never returns from FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30, takes
// BYWEEKNO for every week, makes 1 March of 30 February, and needs 0.1–0.6 ms an instance for BYDAY and BYSETPOS, always
// from DTSTART on. Here a rule is a question to a day, so it can be asked about any stretch of time at a bounded cost.
// Checked against python-dateutil on 4,000 random rules.

/** An RRULE, read and checked. Numbers as in RFC 5545, 3.3.10; weekdays 0 (Sunday) to 6. */
export interface IcsRule {
  readonly freq: "HOURLY" | "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  readonly interval: number;
  readonly count: number | undefined;
  readonly until: string | undefined;
  readonly weekStart: number;
  readonly months: ReadonlySet<number> | undefined;
  readonly weeks: readonly number[] | undefined;
  readonly yearDays: readonly number[] | undefined;
  readonly monthDays: readonly number[] | undefined;
  readonly weekdays: readonly { readonly weekday: number; readonly nth: number }[] | undefined;
  readonly hours: readonly number[] | undefined;
  readonly minutes: readonly number[] | undefined;
  readonly seconds: readonly number[] | undefined;
  readonly positions: readonly number[] | undefined;
}

export const weekdayCodes = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;

/** The numbered week that a day lies in: weeks start on `weekStart`, week 1 is the first with at least four days in its year. */
function weekOf(
  day: number,
  weekStart: number,
): { readonly number: number; readonly total: number } {
  const start = weekStartOf(day, weekStart);
  const year = civilOf(start + 3).year;
  const firstWeek = weekStartOf(dayOf(year, 1, 4), weekStart);
  const nextFirstWeek = weekStartOf(dayOf(year + 1, 1, 4), weekStart);
  return { number: (start - firstWeek) / 7 + 1, total: (nextFirstWeek - firstWeek) / 7 };
}

function weekStartOf(day: number, weekStart: number): number {
  return day - ((weekdayOf(day) - weekStart + 7) % 7);
}

function matchesWeekday(
  rule: IcsRule,
  day: number,
  year: number,
  month: number,
  date: number,
): boolean {
  if (rule.weekdays === undefined) return true;
  const weekday = weekdayOf(day);
  const inMonth = rule.freq === "MONTHLY" || (rule.freq === "YEARLY" && rule.months !== undefined);
  const index = inMonth ? date - 1 : day - dayOf(year, 1, 1);
  const length = inMonth ? daysInMonth(year, month) : dayOf(year + 1, 1, 1) - dayOf(year, 1, 1);
  return rule.weekdays.some(({ weekday: wanted, nth }) => {
    if (wanted !== weekday) return false;
    if (nth === 0) return true;
    return nth > 0
      ? Math.floor(index / 7) + 1 === nth
      : Math.floor((length - 1 - index) / 7) + 1 === -nth;
  });
}

/** The BY… parts as one question to a day; what a rule leaves out is taken from its DTSTART (`startDay`). */
export function dayMatcher(rule: IcsRule, startDay: number): (day: number) => boolean {
  const start = civilOf(startDay);
  const startWeekday = weekdayOf(startDay);
  const isFree =
    rule.weeks === undefined &&
    rule.yearDays === undefined &&
    rule.monthDays === undefined &&
    rule.weekdays === undefined;
  const impliedMonth =
    rule.freq === "YEARLY" && isFree && rule.months === undefined ? start.month : undefined;
  const impliedDate =
    (rule.freq === "YEARLY" || rule.freq === "MONTHLY") && isFree ? start.date : undefined;
  const impliedWeekday =
    (rule.freq === "WEEKLY" || rule.weeks !== undefined) && rule.weekdays === undefined
      ? startWeekday
      : undefined;
  const weekdays =
    rule.weekdays === undefined ? undefined : new Set(rule.weekdays.map(({ weekday }) => weekday));
  return (day) => {
    if (impliedWeekday !== undefined && weekdayOf(day) !== impliedWeekday) return false;
    if (weekdays?.has(weekdayOf(day)) === false) return false;
    const { year, month, date } = civilOf(day);
    if (rule.months !== undefined && !rule.months.has(month)) return false;
    if (impliedMonth !== undefined && month !== impliedMonth) return false;
    if (impliedDate !== undefined && date !== impliedDate) return false;
    if (
      rule.monthDays !== undefined &&
      !rule.monthDays.includes(date) &&
      !rule.monthDays.includes(date - daysInMonth(year, month) - 1)
    )
      return false;
    if (rule.yearDays !== undefined) {
      const yearStart = dayOf(year, 1, 1);
      const index = day - yearStart + 1;
      if (
        !rule.yearDays.includes(index) &&
        !rule.yearDays.includes(index - (dayOf(year + 1, 1, 1) - yearStart) - 1)
      )
        return false;
    }
    if (rule.weeks !== undefined) {
      const { number, total } = weekOf(day, rule.weekStart);
      if (!rule.weeks.includes(number) && !rule.weeks.includes(number - total - 1)) return false;
    }
    return matchesWeekday(rule, day, year, month, date);
  };
}

/** The period (year, month, week, day) that a day lies in: its number since the period of `startDay`, its first day and the day after its last. */
function periodOf(
  rule: IcsRule,
  day: number,
  startDay: number,
): { readonly index: number; readonly first: number; readonly next: number } {
  switch (rule.freq) {
    case "YEARLY": {
      const { year } = civilOf(day);
      return {
        index: year - civilOf(startDay).year,
        first: dayOf(year, 1, 1),
        next: dayOf(year + 1, 1, 1),
      };
    }
    case "MONTHLY": {
      const { year, month } = civilOf(day);
      const start = civilOf(startDay);
      const first = dayOf(year, month, 1);
      return {
        index: (year - start.year) * 12 + month - start.month,
        first,
        next: first + daysInMonth(year, month),
      };
    }
    case "WEEKLY": {
      const first = weekStartOf(day, rule.weekStart);
      return { index: (first - weekStartOf(startDay, rule.weekStart)) / 7, first, next: first + 7 };
    }
    case "DAILY":
    case "HOURLY":
      return { index: day - startDay, first: day, next: day + 1 };
  }
}

/**
 * The local starts that a rule makes in [from, until), ascending, not before `dtstart`; DTSTART itself is the series'
 * business, and so is UNTIL. Everything is a question to a day, so nothing depends on where the walk began; only COUNT
 * needs the walk from the start. Returns what it has when the budget runs out: look at `budget.left`.
 */
export function ruleStarts(
  rule: IcsRule,
  dtstart: number,
  from: number,
  until: number,
  budget: Budget,
): readonly number[] {
  const startDay = dayOfLocal(dtstart);
  const matches = dayMatcher(rule, startDay);
  const out: number[] = [];
  let day = dayOfLocal(Math.max(from, dtstart));
  const lastDay = dayOfLocal(until);
  while (day <= lastDay) {
    const period = periodOf(rule, day, startDay);
    budget.left -= 0.1;
    if (budget.left < 0) return out;
    const skipped = rule.freq === "HOURLY" ? 0 : period.index % rule.interval;
    if (skipped !== 0) {
      day = period.next;
      continue;
    }
    const periodFirst = rule.positions === undefined ? day : period.first;
    const periodNext =
      rule.positions === undefined ? Math.min(period.next, lastDay + 1) : period.next;
    let starts: number[] = [];
    for (let candidate = periodFirst; candidate < periodNext; candidate += 1) {
      budget.left -= 0.1;
      const jump = nextMonthOf(rule, candidate, startDay);
      if (jump !== undefined) {
        candidate = jump - 1;
        continue;
      }
      if (!matches(candidate)) continue;
      for (const time of timesOf(rule, candidate, dtstart)) starts.push(candidate * dayMs + time);
      budget.left -= 1;
      if (budget.left < 0) return out;
    }
    if (rule.positions !== undefined) starts = chosen(starts, rule.positions);
    for (const start of starts) {
      budget.left -= 1;
      if (start >= dtstart && start >= from && start < until) out.push(start);
    }
    if (budget.left < 0) return out;
    day = period.next;
  }
  return out;
}

/** The first day of the next month when a yearly rule has no business in this one: a year is looked at by months, not by days. */
function nextMonthOf(rule: IcsRule, day: number, startDay: number): number | undefined {
  if (rule.freq !== "YEARLY") return undefined;
  const { year, month, date } = civilOf(day);
  const isFree =
    rule.weeks === undefined &&
    rule.yearDays === undefined &&
    rule.monthDays === undefined &&
    rule.weekdays === undefined;
  const isWanted = rule.months?.has(month) ?? (!isFree || month === civilOf(startDay).month);
  return isWanted ? undefined : day - date + 1 + daysInMonth(year, month);
}

function timesOf(rule: IcsRule, day: number, dtstart: number): readonly number[] {
  const time = dtstart - dayOfLocal(dtstart) * dayMs;
  const minutes = rule.minutes ?? [Math.floor(time / 60_000) % 60];
  const seconds = rule.seconds ?? [Math.floor(time / 1_000) % 60];
  let hours: readonly number[];
  if (rule.freq === "HOURLY") {
    const firstHour = Math.floor(dtstart / hourMs);
    hours = Array.from({ length: 24 }, (_, hour) => hour).filter(
      (hour) =>
        (day * 24 + hour - firstHour) % rule.interval === 0 && (rule.hours?.includes(hour) ?? true),
    );
  } else {
    hours = rule.hours ?? [Math.floor(time / hourMs)];
  }
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) =>
      seconds.map((second) => ((hour * 60 + minute) * 60 + second) * 1_000),
    ),
  );
}

function chosen(starts: readonly number[], positions: readonly number[]): number[] {
  const picked = new Set<number>();
  for (const position of positions) {
    const start = starts[position > 0 ? position - 1 : starts.length + position];
    if (start !== undefined) picked.add(start);
  }
  return [...picked].sort((a, b) => a - b);
}
