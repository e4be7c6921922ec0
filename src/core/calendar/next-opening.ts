import { cursorOf } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import type { Schedule } from "./schedule.ts";
import type { Interval } from "./spans.ts";
import { EARLIEST, LATEST } from "./timeline.ts";

/** What a deployment has to fit into: inside at least one window of every list, and in no freeze. */
export interface Requirement {
  readonly windows: readonly (readonly string[])[];
  readonly freezes: readonly string[];
}

/**
 * The first instant at which everything is certainly open; none before the horizon; or unknown, when something that
 * cannot be read might open earlier than anything that can.
 */
export type NextOpening =
  | { readonly kind: "at"; readonly at: number }
  | { readonly kind: "none"; readonly horizon: number }
  | { readonly kind: "unknown"; readonly because: string };

/** More turns than any honest policy takes in ten years; a hostile one ends here, fail closed. */
const MOST_TURNS = 1_000_000;

interface Walk {
  readonly groups: readonly (readonly Cursor[])[];
  readonly freezes: readonly Cursor[];
  readonly limit: number;
}

// What cannot be read closes: windows count where they are certainly open, freezes wherever they may be on. For "could
// it open at all" the same walk is done the other way round.
function walkOf(schedule: Schedule, requirement: Requirement, hope: "certain" | "possible", limit: number): Walk | string {
  const groups: Cursor[][] = [];
  for (const names of requirement.windows) {
    const group: Cursor[] = [];
    for (const name of names) {
      const window = schedule.windows.get(name);
      if (window === undefined) return `the policy defines no window ${name}`;
      group.push(cursorOf(window.timeline, hope === "certain" ? "on" : "possible", limit));
    }
    groups.push(group);
  }
  const freezes: Cursor[] = [];
  for (const name of requirement.freezes) {
    const freeze = schedule.freezes.get(name);
    if (freeze === undefined) return `the policy defines no freeze ${name}`;
    if (freeze.enforcement !== "active") continue;
    freezes.push(cursorOf(freeze.timeline, hope === "certain" ? "possible" : "on", limit));
  }
  return { groups, freezes, limit };
}

function firstOf(group: readonly Cursor[], at: number, limit: number): number {
  let first = limit;
  for (const cursor of group) {
    const next = cursor.nextOn(at);
    if (next <= at) return at;
    if (next < first) first = next;
  }
  return first;
}

function search({ groups, freezes, limit }: Walk, after: number): number | "none" | "too long" {
  let at = after;
  for (let turn = 0; turn < MOST_TURNS && at < limit; turn += 1) {
    const before = at;
    for (const group of groups) at = firstOf(group, at, limit);
    for (const freeze of freezes) at = freeze.endOfRun(at);
    if (at === before) return at;
  }
  return at >= limit ? "none" : "too long";
}

/** The first instant at or after `after` (epoch ms), before `horizon`, at which everything is open. */
export function nextOpening(schedule: Schedule, requirement: Requirement, after: number, horizon: number): NextOpening {
  const start = Math.max(after, EARLIEST);
  const limit = Math.min(horizon, LATEST);
  const walk = walkOf(schedule, requirement, "certain", limit);
  if (typeof walk === "string") return { kind: "unknown", because: walk };
  const found = search(walk, start);
  if (typeof found === "number") return { kind: "at", at: found };
  if (found === "too long") return { kind: "unknown", because: "windows and freezes alternate too often to be followed" };
  const hopeful = walkOf(schedule, requirement, "possible", limit);
  if (typeof hopeful === "string") return { kind: "unknown", because: hopeful };
  return search(hopeful, start) === "none" ? { kind: "none", horizon } : { kind: "unknown", because: "a calendar that decides it cannot be read" };
}

/** The end of the opening that holds `at`, no farther than `limit`; `at` itself when it is not open there. */
export function endOfOpening(schedule: Schedule, requirement: Requirement, at: number, limit: number): number {
  const walk = walkOf(schedule, requirement, "certain", limit);
  return typeof walk === "string" ? at : closing(walk, at);
}

function closing({ groups, freezes, limit }: Walk, at: number): number {
  let end = limit;
  for (const group of groups) end = Math.min(end, endOfGroup(group, at, end));
  for (const freeze of freezes) end = Math.min(end, freeze.nextOn(at));
  return end;
}

/** Windows of one list that touch or overlap carry an opening on from one to the next. */
function endOfGroup(group: readonly Cursor[], at: number, enough: number): number {
  let end = at;
  for (let turn = 0; turn < MOST_TURNS && end < enough; turn += 1) {
    const before = end;
    for (const cursor of group) end = cursor.endOfRun(end);
    if (end === before) break;
  }
  return end;
}

/** The certain openings in [from, until), merged, ascending, at most `most`; for display. */
export function intervals(schedule: Schedule, requirement: Requirement, from: number, until: number, most = 10_000): readonly Interval[] {
  const limit = Math.min(until, LATEST);
  const walk = walkOf(schedule, requirement, "certain", limit);
  if (typeof walk === "string") return [];
  const out: Interval[] = [];
  let at = Math.max(from, EARLIEST);
  while (at < limit && out.length < most) {
    const start = search(walk, at);
    if (typeof start !== "number") break;
    const end = closing(walk, start);
    out.push({ start, end });
    at = end;
  }
  return out;
}
