import { type Budget, labelSteps, stretchSteps } from "./budget.ts";
import type { CalendarReader, WholeDays } from "./calendar.ts";
import { dayMs } from "#core/text/duration.ts";
import { type IcsEvent, readEvent, type ZoneFinder } from "./ics-event.ts";
import { type IcsComponent, readJcal, textOf } from "./ics-jcal.ts";
import { type IcsSeries, type Occurrence, seriesReader, type SeriesReader } from "./ics-series.ts";
import { zoneOfComponent, zoneOfTzid } from "./ics-zone.ts";
import type { Role, Source } from "./source.ts";
import { instantOf, type Zone } from "./zone.ts";
import { plain } from "./phrases.ts";

/** An iCalendar file, read. `problems` say in words what could not be; with any, the caller must fail closed. */
export interface IcsFile {
  readonly series: readonly IcsSeries[];
  readonly problems: readonly string[];
}

const mostEvents = 2_000;
/** Names of time zones that one file uses. */
const mostZones = 200;
/** What describing all zones of a file may cost. */
const zoneSteps = 30_000;

/** The zones of one VCALENDAR, worked out when an event first asks for them. */
function zonesOf(calendar: IcsComponent, budget: Budget): ZoneFinder {
  const described = new Map<string, IcsComponent>();
  for (const component of calendar.inner) {
    if (component.name === "vtimezone")
      described.set((textOf(component, "tzid") ?? "").trim(), component);
  }
  const answers = new Map<string, Zone | string>();
  return (tzid) => {
    const answer =
      answers.get(tzid) ??
      (answers.size < mostZones
        ? findZone(tzid, described.get(tzid), budget)
        : `is in one time zone more than the ${mostZones} that a file may use`);
    if (answers.size < mostZones) answers.set(tzid, answer);
    return answer;
  };
}

function findZone(
  tzid: string,
  description: IcsComponent | undefined,
  budget: Budget,
): Zone | string {
  const own = description === undefined ? undefined : zoneOfComponent(description, budget);
  if (own !== undefined && typeof own !== "string") return own;
  const known = zoneOfTzid(tzid);
  if (known !== undefined) return known;
  const name = plain(tzid, 64);
  return own === undefined
    ? `is in the time zone "${name}", which is neither an IANA zone nor described by a VTIMEZONE of the file`
    : `is in the time zone "${name}", whose VTIMEZONE cannot be read (${own})`;
}

/** Reads iCalendar text (RFC 5545). Hostile input: everything is capped, nothing throws, what is not understood is said. */
export function readIcs(text: string): IcsFile {
  const roots = readJcal(text);
  if (typeof roots === "string") return { series: [], problems: [roots] };
  const events: IcsEvent[] = [];
  const problems: string[] = [];
  const budget: Budget = { left: zoneSteps };
  let count = 0;
  for (const root of roots) {
    // A bare VEVENT is what some programs export for a single event.
    const isCalendar = root.name === "vcalendar";
    if (!isCalendar && root.name !== "vevent") continue;
    const zones = zonesOf(root, budget);
    for (const component of isCalendar ? root.inner : [root]) {
      if (component.name !== "vevent") continue;
      count += 1;
      if (count > mostEvents)
        return { series: [], problems: [`holds more than ${mostEvents} events`] };
      const event = readEvent(component, count, zones);
      if (typeof event === "string") problems.push(event);
      else if (event !== undefined) events.push(event);
    }
  }
  if (!roots.some(({ name }) => name === "vcalendar" || name === "vevent"))
    problems.push("holds no VCALENDAR");
  return { series: seriesOf(events), problems };
}

/** Instances that replace others go to the masters of their UID; without a master they stand for themselves. */
function seriesOf(events: readonly IcsEvent[]): readonly IcsSeries[] {
  const byUid = new Map<string, IcsEvent[]>();
  for (const event of events) {
    const group = byUid.get(event.uid);
    if (group === undefined) byUid.set(event.uid, [event]);
    else group.push(event);
  }
  return [...byUid.values()].flatMap((group): readonly IcsSeries[] => {
    const masters = group.filter(({ replaces }) => replaces === undefined);
    const replacements = newest(group.filter(({ replaces }) => replaces !== undefined));
    if (masters.length === 0)
      return replacements
        .filter(({ isOff }) => !isOff)
        .map((master) => ({ master, replacements: [] }));
    return masters.map((master) => ({ master, replacements }));
  });
}

/** Of several replacements of one instance the highest SEQUENCE counts, and of equals the last. */
function newest(replacements: readonly IcsEvent[]): readonly IcsEvent[] {
  const byInstance = new Map<string, IcsEvent>();
  for (const event of replacements) {
    const key = `${event.replaces?.time.zone?.id ?? ""} ${event.replaces?.time.local ?? ""}`;
    const known = byInstance.get(key);
    if (known === undefined || event.sequence >= known.sequence) byInstance.set(key, event);
  }
  return [...byInstance.values()];
}

const labelBlock = 64 * dayMs;
const mostLabels = 20;
/** Once an event that does not repeat has been read, asking it is a comparison. */
const stepsOfSingle = 0.02;
/** An occurrence is compared with each day that it covers. */
const stepsOfDay = 0.1;

/**
 * Start and end on different walls may be the wrong way round, which shows only once both are instants. What opens may
 * also shrink to nothing where the clock is turned back; what closes never does, so there it is a fault of the file.
 */
const isBackwards = ({ start, end }: Occurrence): boolean => end < start;
const backwards = (summary: string | undefined): string =>
  `event "${summary ?? "without a name"}" ends before it starts`;

interface Single extends Occurrence {
  readonly summary: string | undefined;
}

/** A read file as a calendar; all-day and floating times take `policyZone`. */
export function icsReader(
  file: IcsFile,
  policyZone: Zone,
  {
    name = "a calendar file",
    steps = stretchSteps,
  }: { readonly name?: string; readonly steps?: number } = {},
): CalendarReader {
  const problem =
    file.problems.length === 0
      ? undefined
      : `${file.problems[0] ?? ""}${file.problems.length > 1 ? `, and ${file.problems.length - 1} more` : ""}`;

  function prepare(role: Role): {
    readonly singles: readonly Single[];
    readonly repeating: readonly SeriesReader[];
  } {
    const readers = file.series.map((series) => seriesReader(series, policyZone, role));
    const singles = readers.flatMap((reader) =>
      reader.repeats
        ? []
        : reader
            .occurrences(0, 0, { left: Number.POSITIVE_INFINITY })
            .map((one) => ({ ...one, summary: reader.summary })),
    );
    return { singles, repeating: readers.filter(({ repeats }) => repeats) };
  }

  const prepared = new Map<Role, ReturnType<typeof prepare>>();
  function partsOf(role: Role): ReturnType<typeof prepare> {
    const known = prepared.get(role);
    if (known !== undefined) return known;
    const fresh = prepare(role);
    prepared.set(role, fresh);
    return fresh;
  }

  function visit(
    role: Role,
    from: number,
    until: number,
    see: (one: Occurrence, summary: string | undefined) => void,
    budget: Budget,
  ): string | undefined {
    const { singles, repeating } = partsOf(role);
    budget.left -= singles.length * stepsOfSingle;
    for (const one of singles) {
      if (isBackwards(one) && role === "closes") return backwards(one.summary);
      if (one.start < until && one.end > from && !isBackwards(one)) see(one, one.summary);
    }
    for (const reader of repeating) {
      for (const one of reader.occurrences(from, until, budget)) {
        if (!isBackwards(one)) see(one, reader.summary);
        else if (role === "closes") return backwards(reader.summary);
      }
      if (budget.left < 0)
        return `${name}: event "${reader.summary ?? "without a name"}" repeats too often to be followed`;
    }
    return problem;
  }

  // A label is asked for while somebody waits for an answer: the days of a stretch of time are labelled once.
  const labelled = new Map<number, ReadonlyMap<number, readonly Single[]>>();
  function labelDays(role: Role, block: number): ReadonlyMap<number, readonly Single[]> {
    const days = new Map<number, Single[]>();
    const from = block * labelBlock;
    const until = from + labelBlock;
    const budget: Budget = { left: Math.min(labelSteps, steps) };
    const see = (one: Occurrence, summary: string | undefined): void => {
      if (summary === undefined || budget.left < 0) return;
      for (
        let day = Math.floor(Math.max(one.start, from) / dayMs);
        day * dayMs < Math.min(one.end, until);
        day += 1
      ) {
        const list = days.get(day);
        if (list === undefined) days.set(day, [{ ...one, summary }]);
        else if (list.length < mostLabels) list.push({ ...one, summary });
        budget.left -= stepsOfDay;
      }
    };
    visit(role, from, until, see, budget);
    return days;
  }
  function labelAt(role: Role, at: number): string | undefined {
    const block = Math.floor(at / labelBlock);
    const days = labelled.get(block) ?? labelDays(role, block);
    if (labelled.size >= 64) labelled.clear();
    labelled.set(block, days);
    return days.get(Math.floor(at / dayMs))?.find(({ start, end }) => start <= at && at < end)
      ?.summary;
  }

  const sourceOf = (role: Role): Source => ({
    name,
    fill: (from, until, add, budget) =>
      visit(role, from, until, ({ start, end }) => add(start, end), budget),
    labelAt: (at) => labelAt(role, at),
  });
  // One for all who ask, by which they are known to mean the same.
  const sources = { opens: sourceOf("opens"), closes: sourceOf("closes") };

  function wholeDays(firstDay: number, lastDay: number, zone: Zone): WholeDays {
    const days = new Set<number>();
    const budget: Budget = { left: steps };
    const see = (one: Occurrence): void => {
      if (budget.left < 0) return;
      if (one.firstDay !== undefined && one.nextDay !== undefined) {
        for (
          let day = Math.max(one.firstDay, firstDay);
          day < one.nextDay && day <= lastDay;
          day += 1
        )
          days.add(day);
        budget.left -= stepsOfDay * Math.min(one.nextDay - one.firstDay, lastDay - firstDay);
        return;
      }
      const reach = one.end - one.start;
      if (reach < dayMs / 2) return;
      for (
        let day = Math.max(Math.floor(one.start / dayMs) - 1, firstDay);
        day * dayMs < one.end + dayMs && day <= lastDay;
        day += 1
      ) {
        budget.left -= stepsOfDay;
        if (
          one.start <= instantOf(zone, day * dayMs, "first") &&
          one.end >= instantOf(zone, (day + 1) * dayMs, "second")
        )
          days.add(day);
      }
    };
    const unknown = visit("closes", (firstDay - 2) * dayMs, (lastDay + 3) * dayMs, see, budget);
    return { days, unknown, steps: steps - budget.left };
  }

  return { sourceFor: (role) => sources[role], wholeDays };
}
