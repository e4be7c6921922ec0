import { cursorOf } from "./cursor.ts";
import { questionTo } from "./question.ts";
import { type Requirement, requirementTimeline } from "./requirement.ts";
import type { Schedule } from "./schedule.ts";
import type { Interval } from "./spans.ts";
import { chunkMs, earliestMs, latestMs } from "./timeline.ts";

/**
 * The first instant at which everything is certainly open; none before the horizon; or unknown, when nothing is
 * certainly open and something that cannot be read might be.
 */
export type NextOpening =
  | { readonly kind: "at"; readonly at: number }
  | { readonly kind: "none"; readonly horizon: number }
  | { readonly kind: "unknown"; readonly because: string };

/** The first instant at or after `after` (epoch ms), before `horizon`, at which everything is open. */
export function nextOpening(
  schedule: Schedule,
  requirement: Requirement,
  after: number,
  horizon: number,
): NextOpening {
  const kept = requirementTimeline(schedule, requirement);
  if (typeof kept === "string") return { kind: "unknown", because: kept };
  const timeline = questionTo(kept, schedule.steps);
  const start = Math.max(after, earliestMs);
  const limit = Math.min(horizon, latestMs);
  const at = cursorOf(timeline, "on", limit).nextOn(start);
  if (at < limit) return { kind: "at", at };
  const could = cursorOf(timeline, "possible", limit).nextOn(start);
  if (could < limit)
    return {
      kind: "unknown",
      because: timeline.chunk(Math.floor(could / chunkMs)).because ?? "a calendar cannot be read",
    };
  return { kind: "none", horizon };
}

/** The end of the opening that holds `at`, no farther than `limit`; `at` itself when it is not certainly open there. */
export function endOfOpening(
  schedule: Schedule,
  requirement: Requirement,
  at: number,
  limit: number,
): number {
  const timeline = requirementTimeline(schedule, requirement);
  return typeof timeline === "string"
    ? at
    : cursorOf(questionTo(timeline, schedule.steps), "on", limit).endOfRun(at);
}

/** The certain openings in [from, until), merged, ascending, at most `most`; for display. */
export function intervals(
  schedule: Schedule,
  requirement: Requirement,
  from: number,
  until: number,
  most = 10_000,
): readonly Interval[] {
  const timeline = requirementTimeline(schedule, requirement);
  if (typeof timeline === "string") return [];
  return runsOf(
    cursorOf(questionTo(timeline, schedule.steps), "on", Math.min(until, latestMs)),
    Math.max(from, earliestMs),
    Math.min(until, latestMs),
    most,
  );
}

function runsOf(
  cursor: ReturnType<typeof cursorOf>,
  from: number,
  limit: number,
  most: number,
): readonly Interval[] {
  const out: Interval[] = [];
  for (
    let start = cursor.nextOn(from);
    start < limit && out.length < most;
    start = cursor.nextOn(start)
  ) {
    const end = cursor.endOfRun(start);
    out.push({ start, end });
    start = end;
  }
  return out;
}
