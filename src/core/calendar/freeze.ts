import { cursorOf } from "./cursor.ts";
import { questionTo } from "./question.ts";
import { chunkMs } from "./timeline.ts";
import type { CompiledFreeze, Schedule } from "./schedule.ts";
import { isAnswerable, lookAhead } from "./limits.ts";
import { zonedText, plain, repairable } from "./phrases.ts";

/** What is known of a freeze at an instant. "unknown" must hold like a freeze that is on. */
export interface FreezeAnswer {
  readonly on: boolean | "unknown";
  readonly enforcement: "active" | "evaluate" | "disabled";
  /** In words for a person, with the policy's reason; holds nothing of hostile input but plain letters. */
  readonly because: string;
  /** When the answer changes by itself (epoch ms); absent when it does not within ten years. */
  readonly nextChange?: number | undefined;
}

/** Whether a freeze is on; whom it covers and who is exempt is the caller's question. A disabled freeze is never on. */
export function freezeAt(schedule: Schedule, name: string, at: number): FreezeAnswer {
  const freeze = schedule.freezes.get(name);
  if (freeze === undefined)
    return {
      on: "unknown",
      enforcement: "active",
      because: `the policy defines no freeze ${name}`,
    };
  const { enforcement } = freeze;
  if (enforcement === "disabled")
    return { on: false, enforcement, because: `freeze ${name} is disabled` };
  if (!isAnswerable(at))
    return { on: "unknown", enforcement, because: "outside the years 1900 to 2200" };
  const limit = lookAhead(at);
  const question = questionTo(freeze.timeline, schedule.steps);
  const certain = cursorOf(question, "on", limit);
  const end = certain.endOfRun(at);
  if (end > at) {
    const isLasting = end >= limit;
    return {
      on: true,
      enforcement,
      because: `freeze ${name} is on${isLasting ? "" : ` until ${zonedText(end, freeze.zone)}`}${reasonOf(freeze, at)}`,
      nextChange: isLasting ? undefined : end,
    };
  }
  const maybe = cursorOf(question, "maybe", limit);
  const maybeEnd = maybe.endOfRun(at);
  if (maybeEnd > at) {
    const why = question.chunk(Math.floor(at / chunkMs)).because ?? "a calendar cannot be read";
    return {
      on: "unknown",
      enforcement,
      because: `nobody can say whether freeze ${name} is on: ${repairable(why)}`,
      nextChange: maybeEnd >= limit ? undefined : maybeEnd,
    };
  }
  const start = certain.nextOn(at);
  const change = Math.min(start, maybe.nextOn(at));
  return {
    on: false,
    enforcement,
    because: `freeze ${name} is off${start >= limit ? "" : ` until ${zonedText(start, freeze.zone)}`}`,
    nextChange: change >= limit ? undefined : change,
  };
}

/** Of a freeze with more calendars than this, the first ones name its days. */
const mostLabelled = 8;

function reasonOf(freeze: CompiledFreeze, at: number): string {
  const label = freeze.sources
    .filter(({ labelAt }) => labelAt !== undefined)
    .slice(0, mostLabelled)
    .map((source) => source.labelAt?.(at))
    .find((text) => text !== undefined);
  const words = [freeze.reason === undefined ? undefined : plain(freeze.reason, 200), label].filter(
    (text) => text !== undefined,
  );
  return words.length === 0 ? "" : `: ${words.join(" ")}`;
}
