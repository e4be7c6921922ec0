import { deliveredWithinMs, heardAt } from "#core/events/local-instant.ts";
import type { Deps } from "#flow/deps.ts";

/** An instant of GitHub's clock as an instant of ours. `withinMs`: how old it may be. */
export const inOurTime = (
  deps: Pick<Deps, "clock" | "github">,
  said: number,
  withinMs = deliveredWithinMs,
): number => heardAt(said, { now: deps.clock.now(), ahead: deps.github.clockAhead() }, withinMs);
