import { sameEnvironment } from "#core/deployments/environment.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { deploymentReviewKey } from "#core/model/effect.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";

export const rowKey = (subject: DeploymentSubject) => ({
  repository: subject.repository,
  deploymentId: subject.deploymentId,
  environment: subject.environment,
});

/** Closes the request: nothing waits any more, or our answer is known to have been accepted. */
export async function closeRequest(
  { store, clock, meter }: Deps,
  subject: DeploymentSubject,
  answer: DeploymentRow["gateAnswer"],
): Promise<void> {
  const now = clock.now();
  const row = await store.deployments.change(rowKey(subject), (before) =>
    before === null || before.gateAnsweredAt !== null
      ? null
      : { ...before, gateAnsweredAt: now, gateAnswer: answer },
  );
  const said = answer ?? "none";
  meter.count("deployments_answered_total", { answer: said });
  if (row !== null && row.gateRequestedAt !== null)
    meter.observe("deployment_gate_seconds", (now - row.gateRequestedAt) / 1000, {
      answer: said,
    });
}

/** Whether the protection rule still waits; where GitHub does not say, it is taken to. */
export async function stillWaits(
  { github }: Deps,
  subject: DeploymentSubject,
  repository: RepositoryRecord,
  runId: number,
): Promise<boolean> {
  const waiting = await github.waitingAt(repository, runId);
  return waiting === null || waiting.some((name) => sameEnvironment(name, subject.environment));
}

/**
 * A verdict that an earlier process decided and may have sent: where the protection rule waits no more, it stands.
 * Otherwise all is judged anew, for what was true then may not be true now.
 */
export async function settledBefore(
  deps: Deps,
  subject: DeploymentSubject,
  repository: RepositoryRecord,
  runId: number,
): Promise<boolean> {
  const row = await deps.store.outbox.row(
    deploymentReviewKey(repository.id, subject.deploymentId, subject.environment),
  );
  if (row === null || row.effect.kind !== "deployment_review" || row.effect.state === null)
    return false;
  const isSent = row.sentHash === row.hash && !row.maybeSent;
  if (!isSent && !row.maybeSent) return false;
  if (!isSent && (await stillWaits(deps, subject, repository, runId))) return false;
  await deps.store.outbox.markSent(row.effect.key, row.hash, null);
  await closeRequest(deps, subject, row.effect.state);
  return true;
}
