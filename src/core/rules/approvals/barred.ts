import { deployedContributors } from "#core/facts/deployed-contributors.ts";
import type { DeploymentFact } from "#core/facts/deployment.ts";
import type { Person } from "#core/model/actor.ts";
import type { DeployedContributors } from "#core/model/deployed-contributors.ts";
import type { Ask } from "#core/facts/ask.ts";

/**
 * People whose approval can be excluded: the requester and the person who re-ran it (threat T52), and contributors to what
 * is deployed.
 */
export const excludable = ["requester", "authors"] as const;
export type Excludable = (typeof excludable)[number];

/** Why the requester rule bars a person; null where it does not. Free. */
export function whyRequester(
  person: Person,
  deployment: DeploymentFact,
  exclude: readonly Excludable[],
): string | null {
  if (!exclude.includes("requester")) return null;
  if ([deployment.actor, ...(deployment.alsoAsked ?? [])].some((one) => one?.id === person.id))
    return "asked for this deployment";
  return deployment.triggeredBy?.id === person.id ? "ran this deployment again" : null;
}

/** Nobody is barred as a contributor, where the rule does not ask. */
const nobody: DeployedContributors = { contributors: [], unmapped: [], untold: [] };

/** Contributors to what is deployed, as reviews define them. `undefined` while it has not been read. */
export function contributorsBarred(
  exclude: readonly Excludable[],
  ask: Ask,
): DeployedContributors | undefined {
  return exclude.includes("authors") ? ask(deployedContributors.need()) : nobody;
}
