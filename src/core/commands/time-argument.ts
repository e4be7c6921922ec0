import { dayMs } from "#core/text/duration.ts";
import { parseLocalDate, parseLocalDateTime } from "#core/calendar/civil.ts";
import { instantOf, utc, namedZone, type Occurrence, type Zone } from "#core/calendar/zone.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { window, windowNamesOf } from "#core/rules/window/rule.ts";
import { leavesAt } from "./environment-rules.ts";

/** The zone in which people speak of an environment: that of its window; UTC where it has none. */
export function zoneOf(policy: EffectivePolicy, environment: string): Zone {
  for (const { leaf } of leavesAt(policy, environment, window.name)) {
    for (const name of windowNamesOf(leaf.raw)) {
      const zone = namedZone(policy.windows[name]?.timezone ?? "");
      if (zone !== undefined) return zone;
    }
  }
  return utc;
}

export interface ReadTime {
  readonly at: number;
  /** What follows. */
  readonly rest: string;
}

/**
 * An instant (`2026-12-24T18:00Z`, fractions of a second too), or a local date and time (`2026-12-24 18:00`, `2026-12-24`) at the start of a text;
 * null where there is none. A time that the clock shows twice is as `which` says: ambiguity never widens permission.
 */
export function readTime(text: string, zone: Zone, which: Occurrence): ReadTime | null {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?=([.,]\d{1,9})?))?)(?:[.,]\d{1,9})?(?:([Zz])|([+-]\d{2})(?::?(\d{2}))?)?)?(?:[,;]?[ \t]+(.*))?$/s.exec(
      text.trim(),
    );
  if (match === null) return null;
  const [, date = "", time, fraction = "", zulu, hours, minutes = "00", rest = ""] = match;
  if (time === undefined) {
    const day = parseLocalDate(date);
    return day === undefined ? null : { at: instantOf(zone, day * dayMs, which), rest };
  }
  const local = parseLocalDateTime(`${date}T${time}`);
  if (local === undefined) return null;
  const more = Math.floor(Number(`0${fraction.replace(",", ".")}`) * 1_000);
  if (zulu === undefined && hours === undefined)
    return { at: instantOf(zone, local, which) + more, rest };
  const offset = zulu === undefined ? `${hours ?? ""}:${minutes}` : "Z";
  const at = Date.parse(`${date}T${time}${offset}`) + more;
  return Number.isNaN(at) ? null : { at, rest };
}
