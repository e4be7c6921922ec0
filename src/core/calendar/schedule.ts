import type { Calendar } from "./calendar.ts";
import type { Source } from "./source.ts";
import type { Timeline } from "./timeline.ts";
import type { Zone } from "./zone.ts";

/** A window, compiled: where it is open, and the calendars that close it, by name. */
export interface CompiledWindow {
  readonly name: string;
  readonly zone: Zone;
  readonly timeline: Timeline;
  readonly except: readonly { readonly name: string; readonly calendar: Calendar }[];
}

/** A freeze, compiled: where it is on, and what the policy says of it. */
export interface CompiledFreeze {
  readonly name: string;
  readonly zone: Zone;
  readonly timeline: Timeline;
  readonly sources: readonly Source[];
  readonly reason: string | undefined;
  readonly enforcement: "active" | "evaluate" | "disabled";
}

/** Everything a policy says about time, ready to be asked. Answers depend on it and on the instant, nothing else. */
export interface Schedule {
  readonly windows: ReadonlyMap<string, CompiledWindow>;
  readonly freezes: ReadonlyMap<string, CompiledFreeze>;
  /** What one question to it may cost: less where it refers to many calendar files, so that all questions together stay cheap. */
  readonly steps: number;
}
