import type { DeploymentFact } from "#core/facts/deployment.ts";
import type { Person } from "#core/model/actor.ts";

/** Everybody who asked for a deployment, or ran it again. Nobody asked for what a clock started. */
export const requestersOf = (
  asked: Pick<DeploymentFact, "actor" | "triggeredBy" | "alsoAsked"> | null,
): readonly Person[] =>
  [asked?.actor ?? null, asked?.triggeredBy ?? null, ...(asked?.alsoAsked ?? [])].filter(
    (person) => person !== null,
  );
