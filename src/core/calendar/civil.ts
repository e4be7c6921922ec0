import { dayMs } from "#core/text/duration.ts";

/**
 * Wall-clock arithmetic. A local date-time is a number: the epoch milliseconds it would have if its zone were UTC.
 * A day is the whole number of days since 1970-01-01. No zone is known here.
 */
export const minuteMs = 60_000;
export const hourMs = 3_600_000;

export interface CivilDate {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  /** 1–31 */
  readonly date: number;
}

/** The day that a calendar date is, for years far beyond any policy (Hinnant's proleptic Gregorian count). */
export function dayOf(year: number, month: number, date: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

/** The calendar date that a day is. */
export function civilOf(day: number): CivilDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** 0 is Sunday, as in cron. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  return month === 12 ? 31 : dayOf(year, month + 1, 1) - dayOf(year, month, 1);
}

export function dayOfLocal(local: number): number {
  return Math.floor(local / dayMs);
}

/** `24:00` is the end of the day, wanted only where an interval ends. Undefined when it is no time of day. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const hours = Number(match[1]);
  const minutes = Number(match[2]);
  if (minutes > 59 || hours > 24 || (hours === 24 && minutes > 0)) return undefined;
  return hours * hourMs + minutes * minuteMs;
}

/** `2026-12-24T18:00` (or a space, and seconds) → local date-time; undefined when there is no such date or time. */
export function parseLocalDateTime(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const day = parseLocalDate(match[1] ?? "");
  const hours = Number(match[2]);
  const minutes = Number(match[3]);
  const seconds = Number(match[4] ?? "0");
  if (day === undefined || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return day * dayMs + hours * hourMs + minutes * minuteMs + seconds * 1_000;
}

/** `2026-12-24` → day; undefined when there is no such date. */
export function parseLocalDate(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || date < 1 || date > daysInMonth(year, month)) return undefined;
  return dayOf(year, month, date);
}

function padded(value: number, width = 2): string {
  return String(value).padStart(width, "0");
}

/** `2026-12-24` */
export function formatDay(day: number): string {
  const { year, month, date } = civilOf(day);
  return `${padded(year, 4)}-${padded(month)}-${padded(date)}`;
}

/** `2026-12-24 18:00`, with seconds only where there are some. */
export function formatLocal(local: number): string {
  const day = dayOfLocal(local);
  const rest = local - day * dayMs;
  const seconds = Math.floor(rest / 1_000) % 60;
  const time = `${padded(Math.floor(rest / hourMs))}:${padded(Math.floor(rest / minuteMs) % 60)}`;
  return `${formatDay(day)} ${time}${seconds === 0 ? "" : `:${padded(seconds)}`}`;
}
