import { Temporal } from "temporal-polyfill";
import { dayMs } from "#core/text/duration.ts";

/** One change of a zone's clock: from the instant `at` (epoch ms) on, local time is UTC + `after` instead of UTC + `before` (ms). */
export interface ClockChange {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** A zone as arithmetic: an offset at every instant, and the instants where it changes. */
export interface Zone {
  readonly id: string;
  readonly offsetAt: (instant: number) => number;
  /** Changes with `from` < at < `until` or a little beyond, ascending. */
  readonly changesNear: (from: number, until: number) => readonly ClockChange[];
}

/** Which of the instants a local time means when the clock shows it twice. */
export type Occurrence = "first" | "second";

/** No clock has ever been moved by more than a day (Samoa, 2011). */
const farthestMs = dayMs + 3_600_000;

/** The instant at which a local clock shows `local`: a skipped time is the instant of the change, a repeated one is as asked. */
export function instantOf(zone: Zone, local: number, which: Occurrence): number {
  const changes = zone.changesNear(local - farthestMs, local + farthestMs);
  if (changes.length === 0) return local - zone.offsetAt(local);
  let found: number | undefined;
  for (let index = 0; index <= changes.length; index += 1) {
    const previous = changes[index - 1];
    const next = changes[index];
    const candidate =
      local - (previous === undefined ? (next as ClockChange).before : previous.after);
    const inside =
      (previous === undefined || candidate >= previous.at) &&
      (next === undefined || candidate < next.at);
    if (!inside) continue;
    if (which === "first") return candidate;
    found = candidate;
  }
  if (found !== undefined) return found;
  const gap = changes.find(
    (change) => local >= change.at + change.before && local < change.at + change.after,
  );
  return (gap ?? (changes[0] as ClockChange)).at;
}

/** What the wall clock shows at an instant. */
export function localOf(zone: Zone, instant: number): number {
  return instant + zone.offsetAt(instant);
}

const noChanges: readonly ClockChange[] = [];

/** A zone from a complete list of its changes, as a VTIMEZONE gives it. */
export function zoneOfChanges(
  id: string,
  changes: readonly ClockChange[],
  offsetWithout: number,
): Zone {
  const firstAfter = (instant: number): number => {
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((changes[middle] as ClockChange).at > instant) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    id,
    offsetAt: (instant) => {
      const index = firstAfter(instant);
      return changes[index - 1]?.after ?? changes[index]?.before ?? offsetWithout;
    },
    changesNear: (from, until) => {
      const start = firstAfter(from);
      const end = firstAfter(until);
      return start === end ? noChanges : changes.slice(start, end);
    },
  };
}

/** 2^33 ms, about 99 days: few enough changes to hold in one small list. */
const blockMs = 2 ** 33;
const stepMs = 7 * dayMs;

interface Block {
  readonly offset: number;
  readonly changes: readonly ClockChange[];
}

// Temporal's own getTimeZoneTransition bounds its search by the clock of the machine, and takes microseconds per
// question; a block of changes is found once by offset samples, and everything after is integer arithmetic.
function readBlock(offsetAt: (instant: number) => number, index: number): Block {
  const start = index * blockMs;
  const changes: ClockChange[] = [];
  const first = offsetAt(start);
  let before = first;
  for (let low = start; low < start + blockMs; low += stepMs) {
    const high = Math.min(low + stepMs, start + blockMs);
    const after = offsetAt(high);
    if (after !== before)
      changes.push({ at: changeBetween(offsetAt, low, high, before), before, after });
    before = after;
  }
  return { offset: first, changes };
}

function changeBetween(
  offsetAt: (instant: number) => number,
  from: number,
  until: number,
  before: number,
): number {
  let low = Math.floor(from / 1_000);
  let high = Math.ceil(until / 1_000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1_000) === before) low = middle;
    else high = middle;
  }
  return high * 1_000;
}

function readNamedZone(id: string): Zone {
  const offsetAt = (instant: number): number =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(id).offsetNanoseconds /
    1_000_000;
  const blocks = new Map<number, Block>();
  const blockAt = (index: number): Block => {
    const known = blocks.get(index);
    if (known !== undefined) return known;
    const block = readBlock(offsetAt, index);
    blocks.set(index, block);
    return block;
  };
  return {
    id,
    offsetAt: (instant) => {
      const block = blockAt(Math.floor(instant / blockMs));
      let offset = block.offset;
      for (const change of block.changes) {
        if (change.at > instant) break;
        offset = change.after;
      }
      return offset;
    },
    changesNear: (from, until) => {
      const firstBlock = Math.floor(from / blockMs);
      const lastBlock = Math.floor(until / blockMs);
      let near: ClockChange[] | undefined;
      for (let index = firstBlock; index <= lastBlock; index += 1) {
        for (const change of blockAt(index).changes) {
          if (change.at > from && change.at <= until) (near ??= []).push(change);
        }
      }
      return near ?? noChanges;
    },
  };
}

const namedZones = new Map<string, Zone>();

/** An IANA zone by its name; undefined when there is none of that name (an offset such as +01:00 is not a zone). */
export function namedZone(name: string): Zone | undefined {
  // Hostile input: names come from policies and calendar files. Zones are kept by their canonical name, misses never.
  if (name.length > 64 || !/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return undefined;
  let id: string;
  try {
    id = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return undefined;
  }
  const known = namedZones.get(id);
  if (known !== undefined) return known;
  const zone = readNamedZone(id);
  namedZones.set(id, zone);
  return zone;
}

/** Where nothing else is named. */
export const utc: Zone = zoneOfChanges("UTC", [], 0);
