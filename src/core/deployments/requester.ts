import type { DeploymentFact } from "#core/facts/deployment.ts";
import type { Person } from "#core/model/actor.ts";

type Asked = Pick<DeploymentFact, "actor" | "triggeredBy" | "alsoAsked" | "scheduled">;

/**
 * Whose right a deployment may claim: who asked for it last, so that running an exempt person's run again gains nothing.
 * null: nobody's. A scheduled run is nobody's even when somebody runs it again.
 */
export function requesterOf({ actor, triggeredBy, scheduled }: Asked): Person | null {
  return scheduled ? null : (triggeredBy ?? actor);
}

/** Everybody who asked for it; nobody for a scheduled run. */
export function everyRequester({
  actor,
  triggeredBy,
  alsoAsked = [],
  scheduled,
}: Asked): readonly Person[] {
  return scheduled ? [] : [actor, triggeredBy, ...alsoAsked].filter((person) => person !== null);
}
