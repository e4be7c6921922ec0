import { dayMs } from "#core/text/duration.ts";
import { type IcsComponent, type IcsProperty, textOf, tzidOf } from "./ics-jcal.ts";
import { readRule } from "./ics-read-rule.ts";
import type { IcsRule } from "./ics-rule.ts";
import { type IcsDuration, type IcsTime, readIcsDuration, readIcsTime } from "./ics-time.ts";
import { plain } from "./phrases.ts";
import type { Zone } from "./zone.ts";

/** How an event, or a PERIOD of an RDATE, ends: at a time of its own, or a duration after its start. */
export type IcsEnd =
  | { readonly kind: "at"; readonly time: IcsTime }
  | { readonly kind: "after"; readonly duration: IcsDuration };

/** A VEVENT as it stands in the file, read and checked. */
export interface IcsEvent {
  readonly uid: string;
  /** Hostile input, reduced to plain letters. */
  readonly summary: string | undefined;
  readonly start: IcsTime;
  readonly end: IcsEnd;
  readonly rules: readonly IcsRule[];
  readonly extra: readonly { readonly start: IcsTime; readonly end: IcsEnd | undefined }[];
  readonly excluded: readonly IcsTime[];
  readonly replaces: { readonly time: IcsTime; readonly andFuture: boolean } | undefined;
  /** CANCELLED or TRANSPARENT: it takes no time. */
  readonly isOff: boolean;
  readonly sequence: number;
}

/** Finds the zone of a TZID; a text says why there is none. */
export type ZoneFinder = (tzid: string) => Zone | string;

/** More dates than one event lists in any honest file. */
const mostDates = 20_000;
/** What repeats and lasts longer than a year overlaps itself without end. */
const longestRepeated = 366 * dayMs;

/** What reading one event needs, and what went wrong in it so far. */
interface Reading {
  readonly component: IcsComponent;
  readonly zones: ZoneFinder;
  readonly faults: string[];
}

const noTime: IcsTime = { local: 0, isDate: false, zone: undefined };

function named({ component }: Reading, name: string): readonly IcsProperty[] {
  return component.properties.filter((property) => property.name === name);
}

/** The zone of a property's TZID. A UTC value or a DATE needs none, whatever its TZID says. */
function zoneOf(reading: Reading, property: IcsProperty): Zone | undefined {
  const tzid = tzidOf(property);
  const isNeeded = property.values.some((value) => {
    const text: unknown = Array.isArray(value) ? value[0] : value;
    return typeof text === "string" && text.includes("T") && !text.endsWith("Z");
  });
  if (tzid === undefined || !isNeeded) return undefined;
  const zone = reading.zones(tzid);
  if (typeof zone !== "string") return zone;
  reading.faults.push(zone);
  return undefined;
}

function timeOf(reading: Reading, value: unknown, name: string, zone: Zone | undefined): IcsTime {
  const time = readIcsTime(value, zone);
  if (time === undefined) reading.faults.push(`has a bad ${name.toUpperCase()}`);
  return time ?? noTime;
}

function durationOf(reading: Reading, value: unknown, name: string): IcsDuration {
  const duration = readIcsDuration(value);
  if (duration === undefined) reading.faults.push(`has a bad ${name}`);
  return duration ?? { days: 0, ms: 0 };
}

function single(reading: Reading, name: string): IcsTime | undefined {
  const property = named(reading, name)[0];
  return property === undefined
    ? undefined
    : timeOf(reading, property.values[0], name, zoneOf(reading, property));
}

function endOf(reading: Reading, start: IcsTime): IcsEnd {
  const end = single(reading, "dtend");
  if (end === undefined) {
    const property = named(reading, "duration")[0];
    const duration =
      property === undefined
        ? { days: start.isDate ? 1 : 0, ms: 0 }
        : durationOf(reading, property.values[0], "DURATION");
    return { kind: "after", duration };
  }
  if (end.isDate !== start.isDate)
    reading.faults.push("mixes a date and a date-time in DTSTART and DTEND");
  if (end.zone === start.zone && end.local < start.local)
    reading.faults.push("ends before it starts");
  // Many programs write an all-day event of one day with DTEND = DTSTART.
  if (start.isDate && end.local === start.local)
    return { kind: "after", duration: { days: 1, ms: 0 } };
  return { kind: "at", time: end };
}

function periodOf(
  reading: Reading,
  value: readonly unknown[],
  zone: Zone | undefined,
): IcsEvent["extra"][number] {
  const start = timeOf(reading, value[0], "rdate", zone);
  const end = readIcsTime(value[1], zone);
  return {
    start,
    end:
      end === undefined
        ? { kind: "after", duration: durationOf(reading, value[1], "PERIOD") }
        : { kind: "at", time: end },
  };
}

function extraOf(reading: Reading): IcsEvent["extra"] {
  return named(reading, "rdate").flatMap((property) => {
    const zone = zoneOf(reading, property);
    return property.values.map((value) =>
      Array.isArray(value)
        ? periodOf(reading, value, zone)
        : { start: timeOf(reading, value, "rdate", zone), end: undefined },
    );
  });
}

function excludedOf(reading: Reading): readonly IcsTime[] {
  return named(reading, "exdate").flatMap((property) => {
    const zone = zoneOf(reading, property);
    return property.values.map((value) => timeOf(reading, value, "exdate", zone));
  });
}

function rulesOf(reading: Reading): readonly IcsRule[] {
  if (named(reading, "exrule").length > 0)
    reading.faults.push("uses EXRULE, which RFC 5545 has withdrawn: write EXDATE");
  return named(reading, "rrule").flatMap((property) => {
    const rule = readRule(property.values[0]);
    if (typeof rule !== "string") return [rule];
    reading.faults.push(rule);
    return [];
  });
}

function replacedBy(reading: Reading): IcsEvent["replaces"] {
  const time = single(reading, "recurrence-id");
  const range = named(reading, "recurrence-id")[0]?.params["range"];
  return time === undefined
    ? undefined
    : { time, andFuture: typeof range === "string" && range.toUpperCase() === "THISANDFUTURE" };
}

function takesNoTime(component: IcsComponent): boolean {
  return (
    textOf(component, "status")?.toUpperCase() === "CANCELLED" ||
    textOf(component, "transp")?.toUpperCase() === "TRANSPARENT"
  );
}

/** How an event is called in a message: its summary, else its UID, else where it starts. */
function titleOf(component: IcsComponent): string {
  return plain(
    textOf(component, "summary") ??
      textOf(component, "uid") ??
      textOf(component, "dtstart") ??
      "without a name",
  );
}

function summaryOf(component: IcsComponent): string | undefined {
  const text = plain(textOf(component, "summary") ?? "");
  return text === "" ? undefined : text;
}

function readFields(reading: Reading, index: number): IcsEvent {
  const { component, faults } = reading;
  const isOff = takesNoTime(component);
  const replaces = replacedBy(reading);
  const sequence = Number(named(reading, "sequence")[0]?.values[0] ?? 0);
  const common = {
    uid: textOf(component, "uid")?.trim() ?? `event ${index}`,
    summary: summaryOf(component),
    replaces,
    isOff,
    sequence: Number.isFinite(sequence) ? sequence : 0,
  };
  // An instance that is taken away needs no more than its name.
  if (isOff)
    return {
      ...common,
      start: replaces?.time ?? noTime,
      end: { kind: "after", duration: { days: 0, ms: 0 } },
      rules: [],
      extra: [],
      excluded: [],
    };
  const start = single(reading, "dtstart");
  if (start === undefined) faults.push("has no DTSTART");
  const rules = rulesOf(reading);
  if (replaces !== undefined && rules.length > 0)
    faults.push("replaces one instance and repeats itself");
  const extra = extraOf(reading);
  const excluded = excludedOf(reading);
  if (extra.length + excluded.length > mostDates) faults.push(`lists more than ${mostDates} dates`);
  const end = endOf(reading, start ?? noTime);
  if (rules.length > 0 && reachOf(start ?? noTime, end) > longestRepeated)
    faults.push("repeats and lasts longer than a year");
  return { ...common, start: start ?? noTime, end, rules, extra, excluded };
}

/** An event; a text says what cannot be read of it; undefined for one that takes no time and replaces nothing. */
export function readEvent(
  component: IcsComponent,
  index: number,
  zones: ZoneFinder,
): IcsEvent | string | undefined {
  const reading: Reading = { component, zones, faults: [] };
  if (takesNoTime(component) && named(reading, "recurrence-id").length === 0) return undefined;
  const event = readFields(reading, index);
  return reading.faults.length === 0
    ? event
    : `event "${titleOf(component)}" ${reading.faults[0] ?? ""}`;
}

/** The length of an event as its wall clock shows it, for looking far enough back; never negative. */
export function reachOf(start: IcsTime, end: IcsEnd): number {
  return end.kind === "after"
    ? end.duration.days * dayMs + end.duration.ms
    : Math.max(0, end.time.local - start.local);
}
