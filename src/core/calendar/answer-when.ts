import { freezeAt } from "./freeze.ts";
import { endOfOpening, nextOpening } from "./next-opening.ts";
import type { Requirement } from "./requirement.ts";
import { isAnswerable, lookAhead } from "./limits.ts";
import type { Schedule } from "./schedule.ts";
import { windowAt } from "./window.ts";

/** One row of `gatehouse when` (docs/command-line.md). Instants are ISO 8601 in UTC. */
export interface WhenAnswer {
  readonly at: string;
  /** False also where nobody can say: unknown never opens. */
  readonly open: boolean;
  readonly because: string;
  readonly next_change: string | null;
}

export interface WhenQuestion extends Requirement {
  readonly environment: string;
  readonly at: number;
}

/** Whether an environment is open at an instant, why, and when that changes by itself. */
export function answerWhen(
  schedule: Schedule,
  { environment, at, windows, freezes }: WhenQuestion,
): WhenAnswer {
  if (!isAnswerable(at))
    return {
      at: Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? iso(at) : String(at),
      open: false,
      because: "outside the years 1900 to 2200",
      next_change: null,
    };
  const closed = reasonsAgainst(schedule, { windows, freezes }, at);
  const limit = lookAhead(at);
  if (closed.length === 0) {
    const end = endOfOpening(schedule, { windows, freezes }, at, limit);
    return {
      at: iso(at),
      open: true,
      because: reasonsFor(schedule, environment, windows, at),
      next_change: end >= limit ? null : iso(end),
    };
  }
  const next = nextOpening(schedule, { windows, freezes }, at, limit);
  return {
    at: iso(at),
    open: false,
    because: closed.join("; "),
    next_change: next.kind === "at" ? iso(next.at) : null,
  };
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

/** Freezes first: they beat windows. */
function reasonsAgainst(
  schedule: Schedule,
  { windows, freezes }: Requirement,
  at: number,
): readonly string[] {
  const reasons: string[] = [];
  for (const name of freezes) {
    const answer = freezeAt(schedule, name, at);
    if (answer.enforcement === "active" && answer.on !== false) reasons.push(answer.because);
  }
  for (const names of windows) {
    const answers = names.map((name) => windowAt(schedule, name, at));
    if (!answers.some(({ open }) => open === true))
      reasons.push(
        answers.map(({ because }) => because).join(", and ") || "a list of windows is empty",
      );
  }
  return reasons;
}

function reasonsFor(
  schedule: Schedule,
  environment: string,
  windows: Requirement["windows"],
  at: number,
): string {
  const open = windows.flatMap(
    (names) =>
      names.map((name) => windowAt(schedule, name, at)).find((answer) => answer.open === true)
        ?.because ?? [],
  );
  return open.length === 0
    ? `no window limits ${environment}, and no freeze is on`
    : open.join("; ");
}
