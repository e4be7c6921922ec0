import type { Budget } from "./budget.ts";
import { type IcsComponent, textOf, valuesOf } from "./ics-jcal.ts";
import { readRule } from "./ics-read-rule.ts";
import { type IcsRule, ruleStarts } from "./ics-rule.ts";
import { readIcsTime } from "./ics-time.ts";
import { type ClockChange, namedZone, type Zone, zoneOfChanges } from "./zone.ts";

/** The changes of a VTIMEZONE are written out between these years (local milliseconds); before and after, the nearest offset holds. */
const earliestMs = Date.UTC(1900, 0, 1);
const latestMs = Date.UTC(2101, 0, 1);

interface Onset {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

function readOffset(text: string | undefined): number | undefined {
  const match = /^([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text ?? "");
  if (match === null) return undefined;
  const size = (Number(match[2]) * 3_600 + Number(match[3]) * 60 + Number(match[4] ?? 0)) * 1_000;
  return Math.abs(size) > 86_400_000 ? undefined : (match[1] === "-" ? -1 : 1) * size;
}

/** Local onsets of one RRULE of an observance; its UNTIL is UTC by the law, and read as local where it is not. */
function ruleOnsets(
  rule: IcsRule,
  start: number,
  before: number,
  budget: Budget,
): readonly number[] | string {
  const from = rule.count === undefined ? Math.max(start, earliestMs) : start;
  const until = rule.until === undefined ? undefined : readIcsTime(rule.until, undefined);
  if (rule.until !== undefined && until === undefined) return "a bad UNTIL";
  const last =
    until === undefined ? latestMs : until.zone === undefined ? until.local : until.local + before;
  const starts = ruleStarts(rule, start, from, Math.min(last + 1, latestMs), budget);
  if (budget.left < 0) return "more changes than a clock makes";
  return rule.count === undefined ? starts : starts.slice(0, rule.count);
}

function readObservance(observance: IcsComponent, budget: Budget): readonly Onset[] | string {
  const before = readOffset(textOf(observance, "tzoffsetfrom"));
  const after = readOffset(textOf(observance, "tzoffsetto"));
  const start = readIcsTime(textOf(observance, "dtstart"), undefined);
  if (before === undefined || after === undefined || start === undefined)
    return "an observance without DTSTART, TZOFFSETFROM or TZOFFSETTO";
  const locals = new Set([start.local]);
  for (const value of valuesOf(observance, "rdate")) {
    const time = readIcsTime(Array.isArray(value) ? value[0] : value, undefined);
    if (time === undefined) return "a bad RDATE";
    locals.add(time.local);
  }
  for (const value of valuesOf(observance, "rrule")) {
    const rule = readRule(value);
    if (typeof rule === "string") return rule;
    const onsets = ruleOnsets(rule, start.local, before, budget);
    if (typeof onsets === "string") return onsets;
    for (const local of onsets) locals.add(local);
  }
  return [...locals].map((local) => ({ at: local - before, before, after }));
}

/** The zone that a VTIMEZONE describes; a text says why it describes none. */
export function zoneOfComponent(component: IcsComponent, budget: Budget): Zone | string {
  const id = (textOf(component, "tzid") ?? "").trim();
  const onsets: Onset[] = [];
  for (const observance of component.inner) {
    if (observance.name !== "standard" && observance.name !== "daylight") continue;
    const read = readObservance(observance, budget);
    if (typeof read === "string") return read;
    onsets.push(...read);
  }
  onsets.sort((a, b) => a.at - b.at);
  const first = onsets[0];
  if (first === undefined) return "no observance";
  const changes: ClockChange[] = [];
  let offset = first.before;
  for (const onset of onsets) {
    if (onset.after !== offset) changes.push({ at: onset.at, before: offset, after: onset.after });
    offset = onset.after;
  }
  return zoneOfChanges(id, changes, offset);
}

/**
 * A TZID that the file does not describe: an IANA name, or one behind a vendor's prefix
 * (`/mozilla.org/20070129_1/Europe/Berlin`, `posix/Europe/Vaduz`), by its longest end that is one.
 */
export function zoneOfTzid(tzid: string): Zone | undefined {
  const parts = tzid.split("/").filter((part) => part !== "");
  for (let count = Math.min(parts.length, 3); count >= 1; count -= 1) {
    if (count < parts.length && count === 1) return undefined;
    const zone = namedZone(parts.slice(-count).join("/"));
    if (zone !== undefined) return zone;
  }
  return undefined;
}
