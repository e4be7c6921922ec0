import { LATEST, cursorOf } from "./timeline.ts";
import type { Cursor } from "./timeline.ts";
import type { Interval } from "./spans.ts";
import type { Schedule } from "./schedule.ts";
import { EARLIEST } from "./timeline.ts";

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
}

// What cannot be read closes: windows count where they are certainly open, freezes wherever they may be on. For "could
// it open at all" the same walk is done the other way round.
function walkOf(schedule: Schedule, requirement: Requirement, hope: "certain" | "possible"): Walk | string {
  const groups: Cursor[][] = [];
  for (const names of requirement.windows) {
    const group: Cursor[] = [];
    for (const name of names) {
      const window = schedule.windows.get(name);
      if (window === undefined) return `the policy defines no window ${name}`;
      group.push(cursorOf(window.timeline, hope === "certain" ? "on" : "possible"));
    }
    groups.push(group);
  }
  const freezes: Cursor[] = [];
  for (const name of requirement.freezes) {
    const freeze = schedule.freezes.get(name);
    if (freeze === undefined) return `the policy defines no freeze ${name}`;
    if (freeze.enforcement !== "active") continue;
    freezes.push(cursorOf(freeze.timeline, hope === "certain" ? "possible" : "on"));
  }
  return { groups, freezes };
}

function firstOf(group: readonly Cursor[], at: number, limit: number): number | undefined {
  let first: number | undefined;
  for (const cursor of group) {
    const next = cursor.nextOn(at, first ?? limit);
    if (next === at) return at;
    first = next ?? first;
  }
  return first;
}

function search({ groups, freezes }: Walk, after: number, limit: number): number | "none" | "too long" {
  let at = after;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const before = at;
    for (const group of groups) {
      const next = firstOf(group, at, limit);
      if (next === undefined) return "none";
      at = next;
    }
    for (const freeze of freezes) at = freeze.endOfRun(at, limit) ?? at;
    if (at >= limit) return "none";
    if (at === before) return at;
  }
  return "too long";
}

/** The first instant at or after `after` (epoch ms), before `horizon`, at which everything is open. */
export function nextOpening(schedule: Schedule, requirement: Requirement, after: number, horizon: number): NextOpening {
  const start = Math.max(after, EARLIEST);
  const limit = Math.min(horizon, LATEST);
  const walk = walkOf(schedule, requirement, "certain");
  if (typeof walk === "string") return { kind: "unknown", because: walk };
  const found = search(walk, start, limit);
  if (typeof found === "number") return { kind: "at", at: found };
  if (found === "too long") return { kind: "unknown", because: "windows and freezes alternate too often to be followed" };
  const hopeful = walkOf(schedule, requirement, "possible");
  if (typeof hopeful === "string") return { kind: "unknown", because: hopeful };
  return search(hopeful, start, limit) === "none" ? { kind: "none", horizon } : { kind: "unknown", because: "a calendar that decides it cannot be read" };
}

/** The end of the opening that holds `at`, no farther than `limit`; `at` itself when it is not open there. */
export function endOfOpening(schedule: Schedule, requirement: Requirement, at: number, limit: number): number {
  const walk = walkOf(schedule, requirement, "certain");
  return typeof walk === "string" ? at : closing(walk, at, limit);
}

function closing({ groups, freezes }: Walk, at: number, limit: number): number {
  let end = limit;
  for (const group of groups) end = Math.min(end, endOfGroup(group, at, end));
  for (const freeze of freezes) end = Math.min(end, freeze.nextOn(at, end) ?? end);
  return end;
}

/** Windows of one list that touch or overlap carry an opening on from one to the next. */
function endOfGroup(group: readonly Cursor[], at: number, limit: number): number {
  let end = at;
  for (let turn = 0; turn < MOST_TURNS && end < limit; turn += 1) {
    const before = end;
    for (const cursor of group) end = Math.max(end, cursor.endOfRun(end, limit) ?? end);
    if (end === before) break;
  }
  return end;
}

/** The certain openings in [from, until), merged, ascending, at most `most`; for display. */
export function intervals(schedule: Schedule, requirement: Requirement, from: number, until: number, most = 10_000): readonly Interval[] {
  const walk = walkOf(schedule, requirement, "certain");
  if (typeof walk === "string") return [];
  const limit = Math.min(until, LATEST);
  const out: Interval[] = [];
  let at = Math.max(from, EARLIEST);
  while (at < limit && out.length < most) {
    const start = search(walk, at, limit);
    if (typeof start !== "number") break;
    const end = closing(walk, start, limit);
    out.push({ start, end });
    at = end;
  }
  return out;
}
