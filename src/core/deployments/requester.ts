import type { DeploymentFact } from "#core/facts/deployment.ts";
import type { Person } from "#core/model/actor.ts";

type Asked = Pick<DeploymentFact, "actor" | "triggeredBy" | "alsoAsked" | "scheduled">;

/**
 * The person whose rights count for a deployment: who asked for it last, so that re-running the run of an exempt
 * person gains nothing. null: nobody's, as for a scheduled run, even when somebody re-runs it.
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
