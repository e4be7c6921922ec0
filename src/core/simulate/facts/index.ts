import { attestationFacts } from "./attestations.ts";
import { checkFacts } from "./checks.ts";
import { deploymentFacts } from "./deployments.ts";
import { evidenceFacts } from "./evidence.ts";
import { healthFacts } from "./health.ts";
import type { SimulatedFact, SimulatedFacts } from "./simulated-fact.ts";
import { pullRequestFacts } from "./pull-request.ts";
import { reviewFacts } from "./reviews.ts";
import { surroundingFacts } from "./surroundings.ts";

/** What a policy test can say of each fact. */
const simulatedFacts: SimulatedFacts = {
  ...pullRequestFacts,
  ...reviewFacts,
  ...checkFacts,
  ...evidenceFacts,
  ...surroundingFacts,
  ...healthFacts,
  ...deploymentFacts,
  ...attestationFacts,
  // Only a reader of GitHub can tell.
  refusedOwners: null,
  conversation: null,
  // They carry another fact, and are taken apart before they are looked up.
  ofPullRequest: null,
  ifReadable: null,
};

const byName: ReadonlyMap<string, SimulatedFact<unknown>> = new Map(
  Object.values(simulatedFacts).flatMap((each) => (each === null ? [] : [[each.fact, each]])),
);

export const simulatedFact = (name: string): SimulatedFact<unknown> | undefined => byName.get(name);
