import { cursorOf } from "./cursor.ts";
import { type Question, questionTo } from "./question.ts";
import { chunkMs } from "./timeline.ts";
import type { CompiledWindow, Schedule } from "./schedule.ts";
import { isAnswerable, lookAhead } from "./limits.ts";
import { zonedText, repairable } from "./phrases.ts";

/** What is known of a window at an instant. `nextChange` (epoch ms) is when the answer changes by itself; absent when it does not within ten years. */
export interface WindowAnswer {
  readonly open: boolean | "unknown";
  /** In words for a person; holds nothing of hostile input but plain letters. */
  readonly because: string;
  readonly nextChange?: number | undefined;
  /** Of "unknown": what cannot be read. */
  readonly unreadable?: string | undefined;
}

/** Whether a window is open. Half-open: open at its start, closed at its end. */
export function windowAt(schedule: Schedule, name: string, at: number): WindowAnswer {
  const window = schedule.windows.get(name);
  if (window === undefined)
    return { open: "unknown", because: `the policy defines no window ${name}` };
  if (!isAnswerable(at)) return { open: "unknown", because: "outside the years 1900 to 2200" };
  const limit = lookAhead(at);
  const question = questionTo(window.timeline, schedule.steps);
  const open = cursorOf(question, "on", limit);
  const end = open.endOfRun(at);
  if (end > at) {
    const isLasting = end >= limit;
    return {
      open: true,
      because: `inside ${name}${isLasting ? "" : ` until ${zonedText(end, window.zone)}`}`,
      nextChange: isLasting ? undefined : end,
    };
  }
  const maybe = cursorOf(question, "maybe", limit);
  const maybeEnd = maybe.endOfRun(at);
  if (maybeEnd > at) {
    const unreadable = reasonAt(question, at);
    return {
      open: "unknown",
      because: `nobody can say whether ${name} is open: ${repairable(unreadable)}`,
      nextChange: maybeEnd >= limit ? undefined : maybeEnd,
      unreadable,
    };
  }
  const opening = open.nextOn(at);
  const doubt = maybe.nextOn(at);
  const change = Math.min(opening, doubt);
  const next =
    opening < limit
      ? `which opens ${zonedText(opening, window.zone)}`
      : doubt < limit
        ? `and nobody can say when it opens: ${repairable(reasonAt(question, doubt))}`
        : "and does not open within ten years";
  return {
    open: false,
    because: `${closedBy(window, at, schedule.steps)}, ${next}`,
    nextChange: change >= limit ? undefined : change,
  };
}

function reasonAt(question: Question, at: number): string {
  return question.chunk(Math.floor(at / chunkMs)).because ?? "a calendar cannot be read";
}

/** "outside business-hours", or the calendar that closes it, by the name of its day where it has one. */
function closedBy(window: CompiledWindow, at: number, steps: number): string {
  for (const { name, calendar } of window.except) {
    if (cursorOf(questionTo(calendar.closing, steps), "on", at + 1).endOfRun(at) === at) continue;
    const label = calendar.source.labelAt?.(at);
    return `calendar ${name}${label === undefined ? "" : ` (${label})`} closes ${window.name}`;
  }
  return `outside ${window.name}`;
}
