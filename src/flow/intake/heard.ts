import { deliveredWithinMs, heardAt } from "#core/events/heard-at.ts";
import type { House } from "#flow/deps.ts";

/** An instant that GitHub tells, in the time of this machine. `withinMs`: how old it may be. */
export const inOurTime = (
  house: Pick<House, "clock" | "github">,
  said: number,
  withinMs = deliveredWithinMs,
): number => heardAt(said, { now: house.clock.now(), ahead: house.github.clockAhead() }, withinMs);
