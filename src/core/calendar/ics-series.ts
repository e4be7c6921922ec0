import type { Budget } from "./budget.ts";
import { dayMs } from "#core/text/duration.ts";
import { dayOfLocal } from "./civil.ts";
import { type IcsEnd, type IcsEvent, reachOf } from "./ics-event.ts";
import { type IcsRule, ruleStarts } from "./ics-rule.ts";
import { type IcsTime, instantOfIcs, readIcsTime } from "./ics-time.ts";
import { occurrenceOfEnd, type Role, occurrenceOfStart } from "./source.ts";
import { instantOf, localOf, type Zone } from "./zone.ts";

/** One instance: an interval, and the whole days it covers when it is all-day. */
export interface Occurrence {
  readonly start: number;
  readonly end: number;
  readonly firstDay: number | undefined;
  readonly nextDay: number | undefined;
}

/** A master event with the instances that replace some of its own. */
export interface IcsSeries {
  readonly master: IcsEvent;
  readonly replacements: readonly IcsEvent[];
}

const marginMs = 3 * dayMs;
/** COUNT is walked out no farther than this (local milliseconds). */
const latestMs = Date.UTC(2201, 0, 1);

function endInstant(
  start: IcsTime,
  end: IcsEnd,
  policyZone: Zone,
  role: Role,
  of: { readonly start: IcsTime },
): number {
  const zone = start.zone ?? policyZone;
  const which = occurrenceOfEnd[role];
  if (end.kind === "after") {
    const { days, ms } = end.duration;
    if (days === 0 && !start.isDate)
      return instantOf(zone, start.local, occurrenceOfStart[role]) + ms;
    return instantOf(zone, start.local + days * dayMs, which) + ms;
  }
  // An end on the same wall keeps its wall-clock distance in every instance (22:00 to 06:00 stays so in the night of a
  // clock change, as in the weekly form); ends on different walls can only keep their elapsed distance.
  if (end.time.zone === of.start.zone)
    return instantOf(zone, start.local + end.time.local - of.start.local, which);
  const elapsed =
    instantOfIcs(end.time, policyZone, which) -
    instantOfIcs(of.start, policyZone, occurrenceOfStart[role]);
  return instantOf(zone, start.local, occurrenceOfStart[role]) + elapsed;
}

function occurrence(
  start: IcsTime,
  end: IcsEnd,
  of: { readonly start: IcsTime },
  policyZone: Zone,
  role: Role,
): Occurrence {
  const startsAt = instantOfIcs(start, policyZone, occurrenceOfStart[role]);
  const endsAt = endInstant(start, end, policyZone, role, of);
  if (!start.isDate)
    return { start: startsAt, end: endsAt, firstDay: undefined, nextDay: undefined };
  const length =
    end.kind === "after"
      ? end.duration.days * dayMs + end.duration.ms
      : end.time.local - of.start.local;
  const firstDay = dayOfLocal(start.local);
  return { start: startsAt, end: endsAt, firstDay, nextDay: firstDay + Math.floor(length / dayMs) };
}

/** Whether a rule's UNTIL, which bounds the start of the last instance, still admits a start. */
function isBeforeUntil(until: IcsTime | undefined, start: IcsTime, policyZone: Zone): boolean {
  if (until === undefined) return true;
  if (until.isDate) return dayOfLocal(start.local) <= dayOfLocal(until.local);
  if (start.isDate)
    return (
      dayOfLocal(start.local) <=
      dayOfLocal(until.zone === undefined ? until.local : localOf(policyZone, until.local))
    );
  if (until.zone === undefined) return start.local <= until.local;
  return instantOfIcs(start, policyZone, "first") <= until.local;
}

/** The local starts that a rule makes in a range; a counted rule is walked from its start, where DTSTART is the first it counts. */
function startsOf(
  rule: IcsRule,
  master: IcsTime,
  from: number,
  until: number,
  budget: Budget,
): readonly number[] {
  if (rule.count === undefined) return ruleStarts(rule, master.local, from, until, budget);
  const all: number[] = [master.local];
  let reached = master.local + 1;
  let step = 366 * dayMs;
  while (all.length < rule.count && reached < Math.min(until, latestMs) && budget.left >= 0) {
    const next = Math.min(reached + step, until, latestMs);
    all.push(...ruleStarts(rule, master.local, reached, next, budget));
    reached = next;
    step *= 2;
  }
  return all.slice(0, rule.count).filter((start) => start >= from && start < until);
}

interface Replaced {
  readonly event: IcsEvent;
  readonly local: number;
  readonly andFuture: boolean;
}

/** Where, on the master's own wall, the instance stands that a RECURRENCE-ID or EXDATE names. */
function onWallOf(master: IcsTime, time: IcsTime, policyZone: Zone): number {
  if (time.isDate) return time.local;
  const zone = master.zone ?? policyZone;
  const sameWall = time.zone === master.zone || time.zone === undefined;
  // An all-day series is named by the date as written; only UTC has to be brought home first.
  if (master.isDate)
    return (
      Math.floor((time.zone?.id === "UTC" ? localOf(policyZone, time.local) : time.local) / dayMs) *
      dayMs
    );
  return sameWall ? time.local : localOf(zone, instantOfIcs(time, policyZone, "first"));
}

export interface SeriesReader {
  /** Instances that touch [from, until) and perhaps a few around; look at `budget.left` afterwards. */
  readonly occurrences: (from: number, until: number, budget: Budget) => readonly Occurrence[];
  readonly repeats: boolean;
  readonly summary: string | undefined;
}

/** A series as a question: which instances touch a stretch of time. */
export function seriesReader(
  { master, replacements }: IcsSeries,
  policyZone: Zone,
  role: Role,
): SeriesReader {
  const until = master.rules.map((rule) =>
    rule.until === undefined ? undefined : readIcsTime(rule.until, undefined),
  );
  const replaced: readonly Replaced[] = replacements.flatMap((event) =>
    event.replaces === undefined
      ? []
      : [
          {
            event,
            local: onWallOf(master.start, event.replaces.time, policyZone),
            andFuture: event.replaces.andFuture,
          },
        ],
  );
  // A date names an instance by its day, a date-time by its time; an all-day series has nothing but days.
  const goneDays = new Set<number>();
  const goneWalls = new Set<number>();
  for (const time of [
    ...master.excluded,
    ...replaced.flatMap(({ event }) => event.replaces?.time ?? []),
  ]) {
    const wall = onWallOf(master.start, time, policyZone);
    if (time.isDate || master.start.isDate) goneDays.add(dayOfLocal(wall));
    else goneWalls.add(wall);
  }
  const futures = replaced.filter(({ andFuture }) => andFuture).sort((a, b) => a.local - b.local);
  const shifts = futures.map(
    ({ event, local }) => onWallOf(master.start, event.start, policyZone) - local,
  );
  const reach =
    Math.max(
      reachOf(master.start, master.end),
      ...futures.map(({ event }) => reachOf(event.start, event.end)),
    ) +
    Math.max(0, ...shifts.map(Math.abs)) +
    marginMs;

  const own = (
    start: IcsTime,
    end: IcsEnd,
    of: { readonly start: IcsTime },
  ): Occurrence | undefined => {
    if (goneDays.has(dayOfLocal(start.local)) || goneWalls.has(start.local)) return undefined;
    const future = futures.findLast(({ local }) => local <= start.local);
    if (future === undefined) return occurrence(start, end, of, policyZone, role);
    if (future.event.isOff) return undefined;
    const shift = onWallOf(master.start, future.event.start, policyZone) - future.local;
    return occurrence(
      at(start, start.local + shift),
      future.event.end,
      future.event,
      policyZone,
      role,
    );
  };

  return {
    repeats: master.rules.length > 0,
    summary: master.summary,
    occurrences: (from, untilInstant, budget) => {
      const starts = new Set<number>([master.start.local]);
      for (const [index, rule] of master.rules.entries()) {
        for (const local of startsOf(
          rule,
          master.start,
          from - reach,
          untilInstant + reach,
          budget,
        )) {
          if (
            until[index] === undefined ||
            isBeforeUntil(until[index], at(master.start, local), policyZone)
          )
            starts.add(local);
        }
      }
      const out: (Occurrence | undefined)[] = Array.from(starts, (local) =>
        own(at(master.start, local), master.end, master),
      );
      for (const extra of master.extra) {
        const start =
          extra.start.isDate === master.start.isDate
            ? extra.start
            : alike(extra.start, master.start);
        out.push(
          extra.end === undefined
            ? own(onMaster(start, master.start, policyZone), master.end, master)
            : own(start, extra.end, extra),
        );
      }
      // A rule's starts are paid for where they are made; these are the rest.
      budget.left -= 1 + 0.5 * (starts.size + master.extra.length + replaced.length);
      for (const { event } of replaced) {
        if (!event.isOff) out.push(occurrence(event.start, event.end, event, policyZone, role));
      }
      return out.filter((candidate) => candidate !== undefined);
    },
  };
}

/** The same wall at another time. */
function at({ isDate, zone }: IcsTime, local: number): IcsTime {
  return { local, isDate, zone };
}

/** A date among date-times takes the master's time of day; a date-time among dates is its date. */
function alike(time: IcsTime, master: IcsTime): IcsTime {
  const day = dayOfLocal(time.local) * dayMs;
  return master.isDate
    ? { local: day, isDate: true, zone: undefined }
    : { ...master, local: day + (master.local - dayOfLocal(master.local) * dayMs) };
}

/** The same instant on the master's wall, so that the master's length applies to it. */
function onMaster(time: IcsTime, master: IcsTime, policyZone: Zone): IcsTime {
  return time.zone === master.zone || time.isDate
    ? time
    : { ...master, local: onWallOf(master, time, policyZone) };
}
