import { sameEnvironment } from "#core/deployments/environment.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";

/** Clocks of machines differ, and what was allowed takes a moment to begin. */
const slackMs = 60_000;

/**
 * The yes on which a deployment went out that GitHub tells of: that of its own run, or, where no run made it, one that
 * was good when it was made. A yes is for one deployment. null: there is none. `rows`: of the commit.
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
