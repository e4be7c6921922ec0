import type { Act } from "#core/model/act.ts";
import type { Person } from "#core/model/actor.ts";
import { defineFact } from "#core/model/fact.ts";
import type { FreezeByPerson } from "#core/model/freeze.ts";

/**
 * Acts of people (/approve, /reject, /rollback) on the judged commit in the judged environment, oldest first.
 * Recording an act marks the subjects it concerns, so no event of GitHub is needed.
 */
export const deploymentApprovals = defineFact<void, readonly Act[]>({
  name: "approvals",
  summary: "What people said with /gate approve, /gate reject and /gate rollback.",
  changedBy: [],
  permissions: ["issues"],
  cost: 3,
  describe: () => "the deployment approvals",
});

/** GitHub's own environment reviews of the run. It says neither when they were given nor in which attempt. */
export interface EnvironmentReview {
  readonly by: Person;
  readonly state: "approved" | "rejected";
}

export const environmentReviews = defineFact<void, readonly EnvironmentReview[]>({
  name: "approvals_at_github",
  summary: "GitHub's own reviews of the environment in this run.",
  changedBy: ["deployment_review.approved", "deployment_review.rejected"],
  permissions: ["actions"],
  cost: 3,
  describe: () => "the reviews of the environment",
});

/** Freezes made with /freeze in this repository, on now or to come. */
export const recordedFreezes = defineFact<void, readonly FreezeByPerson[]>({
  name: "freezes",
  summary: "Freezes made with /gate freeze.",
  changedBy: [],
  permissions: ["issues"],
  cost: 3,
  describe: () => "the freezes that people made",
});
