import { questionBehind } from "#core/outside/let-through.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Deps } from "#flow/deps.ts";

/**
 * Notes that a deployment of which GitHub tells went out on a yes that was given over the API: then it did not go past
 * the gate, and what becomes of it counts. false: no yes is known that it could stand on.
 */
export async function wentOutOn(
  { store }: Pick<Deps, "store">,
  deployment: DeploymentRow,
): Promise<boolean> {
  const rows = await store.deployments.ofSha(deployment.repository, deployment.sha);
  const found = questionBehind(deployment, rows);
  if (found === null) return false;
  const { deploymentId } = deployment;
  const taken = await store.deployments.change(found, (before) =>
    before?.question === undefined || before.question.usedBy !== undefined
      ? null
      : { ...before, question: { ...before.question, usedBy: deploymentId } },
  );
  // Another deployment may have taken it first.
  if (taken?.question?.usedBy !== deploymentId) return false;
  await store.deployments.change(deployment, (before) =>
    before === null || before.gateAnswer !== null || before.gateRequestedAt !== null
      ? null
      : { ...before, gateAnsweredAt: taken.gateAnsweredAt, gateAnswer: "approved" },
  );
  return true;
}

/** Whether deployers of the environment ask over the API, so that a deployment which only runs may still ask. */
export async function isAskedAbout(
  { store }: Pick<Deps, "store">,
  { repository, environment }: Pick<DeploymentRow, "repository" | "environment">,
): Promise<boolean> {
  const rows = await store.deployments.inEnvironment(repository, environment, 100);
  return rows.some(({ question }) => question !== undefined);
}
