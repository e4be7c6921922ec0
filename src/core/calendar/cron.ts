import { CronPattern } from "croner";
import { dayMs } from "#core/text/duration.ts";
import { civilOf, dayOf, hourMs, minuteMs, weekdayOf } from "./civil.ts";
import type { Source } from "./source.ts";
import type { Zone } from "./zone.ts";

/** A cron pattern as the wall-clock minutes that it names. */
export interface CronTimes {
  readonly kind: "pattern";
  /** Minutes of the day (0–1439) that match, ascending. */
  readonly minutes: readonly number[];
  readonly dates: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly matchesDay: (day: number) => boolean;
  readonly dayOfMonthRestricted: boolean;
  readonly dayOfWeekRestricted: boolean;
}

/** Two leap years lie in it: a day that no pattern of day and month meets here does not exist. */
const [firstTried, lastTried] = [dayOf(2024, 1, 1), dayOf(2032, 1, 1)];

function everMatches(matchesDay: (day: number) => boolean): boolean {
  for (let day = firstTried; day < lastTried; day += 1) {
    if (matchesDay(day)) return true;
  }
  return false;
}

function positions(flags: readonly number[], first: number): readonly number[] {
  return flags.flatMap((flag, index) => (flag === 0 ? [] : [index + first]));
}

// croner reads the text (names, lists, ranges, steps); it does not enumerate, because it moves starts that a clock
// change skips, and the law is: every real minute whose wall clock matches starts one, and no other.
function parsePattern(cron: string): CronPattern | string {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5)
    return `a cron pattern here has 5 fields (minute hour day-of-month month day-of-week), this has ${fields.length === 1 && fields[0] === "" ? 0 : fields.length}`;
  const [minute = "", hour = "", date = "", month = "", weekday = ""] = fields;
  const foreign = [
    ["minute", minute, /^[0-9*/,-]+$/],
    ["hour", hour, /^[0-9*/,-]+$/],
    ["day-of-month", date, /^(?:\?|[0-9*/,-]+)$/],
    ["month", month, /^(?:[0-9*/,-]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)+$/i],
    ["day-of-week", weekday, /^(?:\?|(?:[0-9*/,-]|sun|mon|tue|wed|thu|fri|sat)+)$/i],
  ] as const;
  for (const [field, text, allowed] of foreign) {
    if (!allowed.test(text))
      return `${field} "${text}" is not understood: numbers, names, lists (1,15), ranges (1-5) and steps (*/15) are; L, W and # are not`;
  }
  try {
    return new CronPattern(fields.join(" "), undefined, { mode: "5-part" });
  } catch (error) {
    return error instanceof Error
      ? error.message.replace(/^CronPattern: (?:Syntax error, )?/, "")
      : "not a cron pattern";
  }
}

/** Reads a 5-field pattern; 0 and 7 are Sunday; day-of-month and day-of-week are ORed when both are restricted. */
export function readCron(
  cron: string,
): CronTimes | { readonly kind: "broken"; readonly message: string } {
  const pattern = parsePattern(cron);
  if (typeof pattern === "string") return { kind: "broken", message: pattern };
  const hours = positions(pattern.hour, 0);
  const minutes = hours.flatMap((hour) =>
    positions(pattern.minute, 0).map((minute) => hour * 60 + minute),
  );
  const dates = new Set(positions(pattern.day, 1));
  const months = new Set(positions(pattern.month, 1));
  const weekdays = new Set(positions(pattern.dayOfWeek, 0).map((weekday) => weekday % 7));
  const dayOfMonthRestricted = dates.size < 31;
  const dayOfWeekRestricted = weekdays.size < 7;
  const matchesDay = (day: number): boolean => {
    const { month, date } = civilOf(day);
    if (!months.has(month)) return false;
    const byDate = dates.has(date);
    const byWeekday = weekdays.has(weekdayOf(day));
    return dayOfMonthRestricted && dayOfWeekRestricted ? byDate || byWeekday : byDate && byWeekday;
  };
  if (!everMatches(matchesDay))
    return { kind: "broken", message: `never starts: no month that it names has such a day` };
  return {
    kind: "pattern",
    minutes,
    dates,
    months,
    dayOfMonthRestricted,
    dayOfWeekRestricted,
    matchesDay,
  };
}

/** The runs that the starts of one ordinary day make together: [offset in the day, end offset], so that `* * * * *` is one run and not 1,440. */
function runsOfDay(
  minutes: readonly number[],
  duration: number,
): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const minute of minutes) {
    const start = minute * minuteMs;
    const last = runs[runs.length - 1];
    if (last !== undefined && start <= last[1]) last[1] = start + duration;
    else runs.push([start, start + duration]);
  }
  return runs;
}

/** Every real minute whose wall clock matches starts an interval of `duration` elapsed milliseconds. */
export function cronSource(times: CronTimes, duration: number, zone: Zone): Source {
  const runs = runsOfDay(times.minutes, duration);
  return {
    fill: (from, until, add) => {
      const earliest = from - duration;
      let start = earliest;
      let offset = zone.offsetAt(earliest);
      for (const change of [...zone.changesNear(earliest, until), undefined]) {
        const end = change?.at ?? until;
        addStarts(start, end, offset);
        if (change !== undefined) {
          start = change.at;
          offset = change.after;
        }
      }

      function addStarts(segmentStart: number, segmentEnd: number, segmentOffset: number): void {
        const lastDay = Math.floor((segmentEnd - 1 + segmentOffset) / dayMs);
        for (
          let day = Math.floor((segmentStart + segmentOffset) / dayMs);
          day <= lastDay;
          day += 1
        ) {
          if (!times.matchesDay(day)) continue;
          const midnight = day * dayMs - segmentOffset;
          if (midnight >= segmentStart && midnight + 24 * hourMs <= segmentEnd) {
            for (const [runStart, runEnd] of runs) add(midnight + runStart, midnight + runEnd);
            continue;
          }
          for (const minute of times.minutes) {
            const at = midnight + minute * minuteMs;
            if (at >= segmentStart && at < segmentEnd) add(at, at + duration);
          }
        }
      }
      return undefined;
    },
  };
}
