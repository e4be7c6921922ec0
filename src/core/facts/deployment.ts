import type { Person } from "../model/actor.ts";
import { defineFact } from "../model/fact.ts";

/** The deployment that is judged. `actor` asked for it; `triggeredBy` re-ran it, where somebody did. */
export interface DeploymentFact {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly actor: Person | null;
  readonly triggeredBy: Person | null;
  readonly createdAt: number;
}

export const deployment = defineFact<void, DeploymentFact>({
  name: "deployment",
  summary: "Environment, commit, ref and requester of the deployment.",
  changedBy: ["deployment_protection_rule.requested", "deployment.created", "deployment_review.requested"],
  permissions: ["deployments", "actions"],
  describe: () => "the deployment",
});
