import type { DeploymentRow } from "#core/model/deployment.ts";
import { defineFact } from "#core/model/fact.ts";

/** What was deployed to an environment, newest first: from Gatehouse's own record, completed from GitHub where that is empty. */
export const deployments = defineFact<string, readonly DeploymentRow[]>({
  name: "deployments",
  summary: "Earlier deployments to an environment and how they ended.",
  changedBy: ["deployment.created", "deployment_status.created"],
  permissions: ["deployments"],
  cost: 3,
  describe: (environment) => `the deployments to ${environment}`,
});

/** Earlier deployments of the judged commit to the judged environment: whether it ran here before. */
export const sameCommitDeployments = defineFact<void, readonly DeploymentRow[]>({
  name: "deployments_of_commit",
  summary: "Earlier deployments of the same commit to the same environment.",
  changedBy: ["deployment_status.created"],
  permissions: ["deployments"],
  cost: 3,
  describe: () => "earlier deployments of this commit",
});

/** Earlier deployments to an environment as a roll back needs them: GitHub is asked for what the record lacks. */
export const rollbackHistory = defineFact<RollbackHistoryParams, readonly DeploymentRow[]>({
  name: "rollback_history",
  summary: "Earlier deployments to an environment to which a roll back may go.",
  changedBy: [],
  permissions: ["deployments"],
  cost: 3,
  describe: ({ environment }) => `what ran in ${environment} before`,
});

/** `sha`: as somebody wrote it, or null for whatever ran there last. */
export interface RollbackHistoryParams {
  readonly environment: string;
  readonly sha: string | null;
}
