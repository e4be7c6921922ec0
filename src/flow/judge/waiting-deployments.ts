import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { Deps } from "#flow/deps.ts";

export const subjectOf = ({
  repository,
  deploymentId,
  environment,
  sha,
  ref,
  runId,
}: DeploymentRow): DeploymentSubject => ({
  kind: "deployment",
  repository,
  deploymentId,
  environment,
  sha,
  ref,
  runId,
});

/** Deployments that wait for our answer in a repository, of one run where it is named. */
export async function waitingIn(
  deps: Deps,
  repository: number,
  runId: number | null = null,
): Promise<readonly DeploymentRow[]> {
  return (await deps.store.deployments.waiting()).filter(
    (row) => row.repository === repository && (runId === null || row.runId === runId),
  );
}
