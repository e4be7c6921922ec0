import { dayMs } from "#core/text/duration.ts";
import { parseLocalDate, parseLocalDateTime } from "./civil.ts";
import { instantOf, type Occurrence, utc, type Zone } from "./zone.ts";

/** A DATE or DATE-TIME of an iCalendar file: what the wall clock shows, and whose wall it is. */
export interface IcsTime {
  readonly local: number;
  readonly isDate: boolean;
  /** Undefined for dates and floating times: they take the zone of the policy. */
  readonly zone: Zone | undefined;
}

/** Reads jCal's text of a date or date-time; undefined when it is neither (ical.js passes such values on unchecked). */
export function readIcsTime(text: unknown, zone: Zone | undefined): IcsTime | undefined {
  if (typeof text !== "string") return undefined;
  const day = parseLocalDate(text);
  if (day !== undefined) return { local: day * dayMs, isDate: true, zone: undefined };
  const isUtc = text.endsWith("Z");
  // RFC 5545 knows a second 60; it is read as 59, like every other calendar does.
  const local = parseLocalDateTime((isUtc ? text.slice(0, -1) : text).replace(/:60$/, ":59"));
  return local === undefined ? undefined : { local, isDate: false, zone: isUtc ? utc : zone };
}

/** The instant, with the policy's zone for dates and floating times. */
export function instantOfIcs(time: IcsTime, policyZone: Zone, which: Occurrence): number {
  return instantOf(time.zone ?? policyZone, time.local, which);
}

/** A nominal number of days plus elapsed milliseconds, as RFC 5545 reads P1DT2H; undefined when it is no duration or a negative one. */
export interface IcsDuration {
  readonly days: number;
  readonly ms: number;
}

export function readIcsDuration(text: unknown): IcsDuration | undefined {
  if (typeof text !== "string") return undefined;
  const match =
    /^\+?P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/.exec(
      text,
    );
  if (match === null || /[PT]$/.test(text)) return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return {
    days: (weeks ?? 0) * 7 + (days ?? 0),
    ms: ((hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1_000,
  };
}
