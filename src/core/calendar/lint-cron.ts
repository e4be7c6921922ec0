import { dayMs, formatDuration } from "#core/text/duration.ts";
import { dayOf, dayOfLocal, daysInMonth, formatDay, hourMs, minuteMs } from "./civil.ts";
import type { CronTimes } from "./cron.ts";
import type { Zone } from "./zone.ts";

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** How long the starts of a pattern run together when each lasts `duration`, where that is longer than one lasts; "always" when they never end. */
function longestRun(
  times: CronTimes,
  duration: number,
): { readonly starts: number; readonly length: number } | "always" | undefined {
  const firstDay = dayOf(2024, 1, 1);
  let runStart: number | undefined;
  let runEnd = Number.NEGATIVE_INFINITY;
  let starts = 0;
  for (let day = firstDay; day < firstDay + 1_461; day += 1) {
    if (runStart !== undefined && day * dayMs > runEnd && starts > 1)
      return { starts, length: runEnd - runStart };
    if (!times.matchesDay(day)) continue;
    for (const minute of times.minutes) {
      const at = day * dayMs + minute * minuteMs;
      if (runStart === undefined || at >= runEnd) {
        if (runStart !== undefined && starts > 1) return { starts, length: runEnd - runStart };
        runStart = at;
        starts = 0;
      }
      starts += 1;
      runEnd = at + duration;
    }
  }
  return starts > 1 ? "always" : undefined;
}

function hoursInWords(ms: number): string {
  return ms % hourMs === 0 ? `${ms / hourMs} h` : formatDuration(ms);
}

function overlap(cron: string, times: CronTimes, duration: number): string | undefined {
  const run = longestRun(times, duration);
  if (run === undefined) return undefined;
  const [, , ...rest] = cron.trim().split(/\s+/);
  const firstMinute = times.minutes[0] ?? 0;
  const once = [firstMinute % 60, Math.floor(firstMinute / 60), ...rest].join(" ");
  const remedy = `for one start a day write "${once}"`;
  if (run === "always")
    return `"${cron}" starts again before ${formatDuration(duration)} are over, every time: it is on without end; ${remedy}`;
  return `"${cron}" starts ${run.starts} times that run together: it is on for ${hoursInWords(run.length)}, not ${hoursInWords(duration)}; ${remedy}`;
}

/** `* 10 * * *` with a short duration: sixty starts that just touch or leave gaps are no more meant than sixty that overlap. */
function everyMinute(cron: string, times: CronTimes): string | undefined {
  const [minute, hour = "*", ...rest] = cron.trim().split(/\s+/);
  if (minute !== "*" && minute !== "*/1") return undefined;
  const hours = times.minutes.length / 60;
  const which =
    hours === 1
      ? `${String(Math.floor((times.minutes[0] ?? 0) / 60)).padStart(2, "0")}:00 to the last minute of that hour`
      : "every hour it names";
  return `"${cron}" starts in every minute (${which}), ${times.minutes.length} times a day; for one start write "${["0", hour, ...rest].join(" ")}"`;
}

function eitherDay(cron: string, times: CronTimes): string | undefined {
  if (!times.dayOfMonthRestricted || !times.dayOfWeekRestricted) return undefined;
  return `"${cron}" starts on the day of the month and also on the day of the week: where both are given, either is enough`;
}

function missingMonths(cron: string, times: CronTimes): string | undefined {
  if (times.dayOfWeekRestricted) return undefined;
  const first = Math.min(...times.dates);
  const without = [...times.months]
    .sort((a, b) => a - b)
    .filter((month) => first > daysInMonth(2023, month));
  return without.length === 0
    ? undefined
    : `"${cron}" does not start in ${without.map((month) => months[month - 1] ?? "").join(", ")}${without.includes(2) && first === 29 ? " except in leap years" : ""}: there is no such day`;
}

/** A start that the clock skips does not happen, and one that it repeats happens twice: worth knowing for a pattern of few starts. */
function clockChange(cron: string, times: CronTimes, zone: Zone, now: number): string | undefined {
  if (times.minutes.length > 24) return undefined;
  for (const change of zone.changesNear(now, now + 400 * dayMs)) {
    const [low, high] = [
      change.at + Math.min(change.before, change.after),
      change.at + Math.max(change.before, change.after),
    ];
    const day = dayOfLocal(low);
    const hit =
      times.matchesDay(day) &&
      times.minutes.some(
        (minute) =>
          day * dayMs + minute * minuteMs >= low && day * dayMs + minute * minuteMs < high,
      );
    if (hit && change.after > change.before)
      return `"${cron}" does not start on ${formatDay(day)}: the clock of ${zone.id} skips that time`;
    if (hit)
      return `"${cron}" starts twice on ${formatDay(day)}: the clock of ${zone.id} shows that time twice`;
  }
  return undefined;
}

/** What a cron form says that people rarely mean. */
export function lintCron(
  cron: string,
  times: CronTimes,
  duration: number,
  zone: Zone | undefined,
  now: number | undefined,
): readonly string[] {
  const minutes = everyMinute(cron, times);
  return [
    minutes ?? overlap(cron, times, duration),
    minutes === undefined ? undefined : overlapLength(times, duration),
    eitherDay(cron, times),
    missingMonths(cron, times),
    zone === undefined || now === undefined ? undefined : clockChange(cron, times, zone, now),
  ].filter((text) => text !== undefined);
}

function overlapLength(times: CronTimes, duration: number): string | undefined {
  const run = longestRun(times, duration);
  if (run === undefined || run === "always") return undefined;
  return `these starts run together: it is on for ${hoursInWords(run.length)}, not ${hoursInWords(duration)}`;
}
