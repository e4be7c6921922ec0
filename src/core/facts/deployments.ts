import type { DeploymentRow } from "../model/deployment.ts";
import { defineFact } from "../model/fact.ts";

/** What was deployed to an environment, newest first: from the house's own record, completed from GitHub where that is empty. */
export const deployments = defineFact<string, readonly DeploymentRow[]>({
  name: "deployments",
  summary: "Earlier deployments to an environment and how they ended.",
  changedBy: ["deployment.created", "deployment_status.created"],
  permissions: ["deployments"],
  describe: (environment) => `the deployments to ${environment}`,
});

/** Earlier deployments of the judged commit to the judged environment: whether it ran here before. */
export const sameCommitDeployments = defineFact<void, readonly DeploymentRow[]>({
  name: "deployments_of_commit",
  summary: "Earlier deployments of the same commit to the same environment.",
  changedBy: ["deployment_status.created"],
  permissions: ["deployments"],
  describe: () => "earlier deployments of this commit",
});
