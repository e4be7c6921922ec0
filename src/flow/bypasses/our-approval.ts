import { approvedAtGitHub, isApprovedAtGitHub } from "#core/deployments/answered-at-github.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { deploymentReviewKey } from "#core/model/effect.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";

/** Whether our approval may have reached GitHub though its answer did not reach us: then it is what the deployment runs on. */
async function mayHaveArrived(
  { store }: Deps,
  { repository, deploymentId, environment }: DeploymentRow,
): Promise<boolean> {
  const row = await store.outbox.row(deploymentReviewKey(repository, deploymentId, environment));
  return (
    row !== null &&
    row.effect.kind === "deployment_review" &&
    row.effect.state === "approved" &&
    (row.maybeSent || row.sentHash === row.hash)
  );
}

/**
 * Whether a deployment that runs, and of which no answer is on record, was approved by us all the same: the answer of
 * GitHub was lost, or what was recorded since a backup was. It is then noted as approved, so that what becomes of it counts.
 */
export async function isOurApproval(
  deps: Deps,
  repository: RepositoryRecord,
  row: DeploymentRow,
): Promise<boolean> {
  const { store, github, log } = deps;
  if (row.gateAnswer !== null || row.runId === null) return false;
  if (!(await mayHaveArrived(deps, row))) {
    const given = await github.approvalsGiven(repository, row.runId, row.environment);
    const rows = await store.deployments.ofSha(row.repository, row.sha);
    if (given === null || !isApprovedAtGitHub(row, rows, given)) return false;
  }
  await store.deployments.change(row, (before) => before && approvedAtGitHub(before));
  log.info(
    {
      repository: `${repository.owner}/${repository.name}`,
      environment: row.environment,
      deployment: row.deploymentId,
    },
    "a deployment of which no answer was on record had been approved by this gate",
  );
  return true;
}
