import type { DeploymentFact } from "#core/facts/deployment.ts";
import type { Person } from "#core/model/actor.ts";

/** Who asked for a deployment, and who ran it again. Nobody asked for what a clock started. */
export const requestersOf = (
  asked: Pick<DeploymentFact, "actor" | "triggeredBy"> | null,
): readonly Person[] =>
  [asked?.actor ?? null, asked?.triggeredBy ?? null].filter((person) => person !== null);
