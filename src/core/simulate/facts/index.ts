import { attestationFacts } from "./attestations.ts";
import { checkFacts } from "./checks.ts";
import { deploymentFacts } from "./deployments.ts";
import { evidenceFacts } from "./evidence.ts";
import type { PlainFact } from "./plain-fact.ts";
import { pullRequestFacts } from "./pull-request.ts";
import { reviewFacts } from "./reviews.ts";
import { surroundingFacts } from "./surroundings.ts";

/** The single list of facts that can be told in plain words. */
export const plainFacts: readonly PlainFact[] = [
  ...pullRequestFacts,
  ...reviewFacts,
  ...checkFacts,
  ...evidenceFacts,
  ...surroundingFacts,
  ...deploymentFacts,
  ...attestationFacts,
];
