import type { DeploymentRow } from "#core/model/deployment.ts";
import { defineFact } from "#core/model/fact.ts";

/** Older deployments than those that are looked at cannot be asked for; a new one that ran makes that needless. */
export const whenPastIsIncomplete =
  "Somebody deploys to that environment once more by a job that this gate lets through, where need be by an override of the policy: what ran last is then on record, and older deployments are not asked for. Splitting the change does not help.";

/** What was deployed to an environment, newest first: from Gatehouse's own record, completed from GitHub where that is empty. */
export const deployments = defineFact<string, readonly DeploymentRow[]>({
  name: "deployments",
  summary: "Earlier deployments to an environment and how they ended.",
  changedBy: ["deployment.created", "deployment_status.created", "workflow_run.completed"],
  permissions: ["deployments", "actions"],
  cost: 3,
  whenIncomplete: whenPastIsIncomplete,
  describe: (environment) => `the deployments to ${environment}`,
});

/** Earlier deployments of the judged commit to the judged environment: whether it ran here before. */
export const sameCommitDeployments = defineFact<void, readonly DeploymentRow[]>({
  name: "deployments_of_commit",
  summary: "Earlier deployments of the same commit to the same environment.",
  changedBy: ["deployment_status.created"],
  permissions: ["deployments"],
  cost: 3,
  whenIncomplete: whenPastIsIncomplete,
  describe: () => "earlier deployments of this commit",
});

/** What ran in the environment that is judged, and what waits to go there, newest first. */
export const deploymentsHere = defineFact<void, readonly DeploymentRow[]>({
  name: "deployments_here",
  summary: "What ran in the environment of the deployment, and what waits to go there.",
  changedBy: [
    "deployment.created",
    "deployment_protection_rule.requested",
    "deployment_status.created",
    "workflow_run.completed",
  ],
  permissions: ["deployments"],
  cost: 3,
  whenIncomplete: whenPastIsIncomplete,
  describe: () => "the deployments to this environment",
});

/** How the deployed commit stands to another one: commits that only it has, and that only the other one has. */
export interface CommitOrder {
  readonly ahead: number;
  readonly behind: number;
}

/** Between two commits nothing ever changes. */
export const commitOrder = defineFact<string, CommitOrder>({
  name: "commit_order",
  summary: "Whether the deployed commit is older or newer than another one.",
  changedBy: [],
  permissions: ["contents"],
  cost: "single",
  describe: (sha) => `how the commit stands to ${sha.slice(0, 7)}`,
});

/** Earlier deployments to an environment as a roll back needs them: GitHub is asked for what the record lacks. */
export const rollbackHistory = defineFact<RollbackHistoryParams, readonly DeploymentRow[]>({
  name: "rollback_history",
  summary: "Earlier deployments to an environment to which a roll back may go.",
  changedBy: [],
  permissions: ["deployments"],
  cost: 3,
  whenIncomplete: whenPastIsIncomplete,
  describe: ({ environment }) => `what ran in ${environment} before`,
});

/** `sha`: as somebody wrote it, or null for whatever ran there last. */
export interface RollbackHistoryParams {
  readonly environment: string;
  readonly sha: string | null;
}
