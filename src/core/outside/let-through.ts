import { sameEnvironment } from "#core/deployments/environment.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";

/** Clocks differ, and a deployment that was allowed takes a moment to begin. */
const slackMs = 60_000;

/**
 * The approval behind a deployment that GitHub reports: the one given to its own run, or, if no run created it, one
 * that was valid then. An approval is for one deployment. null: there is none. `rows`: those of the commit.
 */
export function questionBehind(
  deployment: DeploymentRow,
  rows: readonly DeploymentRow[],
): DeploymentRow | null {
  const { deploymentId, environment, sha, runId, createdAt } = deployment;
  return (
    rows.find(({ question, gateAnswer, gateAnsweredAt, ...row }) => {
      if (question === undefined || gateAnswer !== "approved" || gateAnsweredAt === null)
        return false;
      if (row.sha !== sha || !sameEnvironment(row.environment, environment)) return false;
      if (question.usedBy !== undefined && question.usedBy !== deploymentId) return false;
      const until = question.validUntil ?? gateAnsweredAt;
      if (createdAt > until + slackMs) return false;
      return runId === null ? createdAt >= gateAnsweredAt - slackMs : row.runId === runId;
    }) ?? null
  );
}
