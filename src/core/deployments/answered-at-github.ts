import type { DeploymentRow } from "#core/model/deployment.ts";
import { sameEnvironment } from "./environment.ts";

/**
 * Whether one of the approvals that this App gave in the run for the environment is for this deployment, of which no
 * answer is on record: what was recorded after a backup was made is lost once that is put back. GitHub says neither when
 * an approval was given nor for which attempt of the run, so that each answered before this deployment was made is taken
 * for another's. `given`: how many GitHub tells of. `rows`: of the commit.
 */
export function isApprovedAtGitHub(
  deployment: DeploymentRow,
  rows: readonly DeploymentRow[],
  given: number,
): boolean {
  const { runId, environment, deploymentId, createdAt } = deployment;
  const others = rows.filter(
    (row) =>
      row.question === undefined &&
      row.runId === runId &&
      row.deploymentId !== deploymentId &&
      row.gateAnswer === "approved" &&
      row.gateAnsweredAt !== null &&
      row.gateAnsweredAt < createdAt &&
      sameEnvironment(row.environment, environment),
  );
  return runId !== null && given > others.length;
}

/** The row once it is known to have been approved; answered at the latest when it began, for GitHub does not say when. null: its answer is on record. */
export const approvedAtGitHub = (row: DeploymentRow): DeploymentRow | null =>
  row.gateAnswer !== null
    ? null
    : {
        ...row,
        gateRequestedAt: row.gateRequestedAt ?? row.createdAt,
        gateAnsweredAt: row.startedAt ?? row.succeededAt ?? row.createdAt,
        gateAnswer: "approved",
      };
