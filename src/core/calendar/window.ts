import { CHUNK, cursorOf } from "./timeline.ts";
import type { CompiledWindow, Schedule } from "./schedule.ts";
import { isAnswerable, lookAhead } from "./limits.ts";
import { inWords } from "./words.ts";

/** What is known of a window at an instant. `nextChange` (epoch ms) is when the answer changes by itself; absent when it does not within ten years. */
export interface WindowAnswer {
  readonly open: boolean | "unknown";
  /** In words for a person; holds nothing of hostile input but plain letters. */
  readonly because: string;
  readonly nextChange?: number | undefined;
}

/** Whether a window is open. Half-open: open at its start, closed at its end. */
export function windowAt(schedule: Schedule, name: string, at: number): WindowAnswer {
  const window = schedule.windows.get(name);
  if (window === undefined) return { open: "unknown", because: `the policy defines no window ${name}` };
  if (!isAnswerable(at)) return { open: "unknown", because: "outside the years 1900 to 2200" };
  const limit = lookAhead(at);
  const open = cursorOf(window.timeline, "on");
  const end = open.endOfRun(at, limit);
  if (end !== undefined) {
    const isLasting = end >= limit;
    return { open: true, because: `inside ${name}${isLasting ? "" : ` until ${inWords(end, window.zone)}`}`, nextChange: isLasting ? undefined : end };
  }
  const maybe = cursorOf(window.timeline, "maybe");
  const maybeEnd = maybe.endOfRun(at, limit);
  if (maybeEnd !== undefined) {
    return { open: "unknown", because: `nobody can say whether ${name} is open: ${reasonAt(window, at)}`, nextChange: maybeEnd >= limit ? undefined : maybeEnd };
  }
  const opening = open.nextOn(at, limit);
  const couldOpen = maybe.nextOn(at, opening ?? limit);
  const next = opening === undefined ? "and does not open within ten years" : `which opens ${inWords(opening, window.zone)}`;
  return { open: false, because: `${closedBy(window, at)}, ${next}`, nextChange: couldOpen ?? opening };
}

function reasonAt(window: CompiledWindow, at: number): string {
  return window.timeline.chunk(Math.floor(at / CHUNK)).because ?? "a calendar cannot be read";
}

/** "outside business-hours", or the calendar that closes it, by the name of its day where it has one. */
function closedBy(window: CompiledWindow, at: number): string {
  for (const { name, source, timeline } of window.except) {
    if (cursorOf(timeline, "on").endOfRun(at, at + 1) === undefined) continue;
    const label = source.labelAt?.(at);
    return `calendar ${name}${label === undefined ? "" : ` (${label})`} closes ${window.name}`;
  }
  return `outside ${window.name}`;
}
