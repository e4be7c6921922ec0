import { newRow, withOrigin, withStatus, type DeploymentSeen } from "#core/deployments/history.ts";
import { reviewersAskedKey } from "#core/deployments/others-at-github.ts";
import type { ProtectionRuleRequest } from "#core/events/touches.ts";
import type { DeploymentRow, DeploymentState } from "#core/model/deployment.ts";
import type { Event } from "#core/model/event.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { wentOutOn } from "#flow/bypasses/went-out-on.ts";
import type { Deps } from "#flow/deps.ts";
import { inOurTime } from "#flow/in-our-time.ts";
import { findWaitingJob, watchDeploymentJob } from "#flow/jobs/deployment-jobs.ts";
import { judgeItem } from "#flow/jobs/judge-job.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";

/** Records that the protection rule asks about a deployment; the first request stands. */
export async function noteAsked(
  deps: Deps,
  heard: DeploymentSeen,
  at: number,
): Promise<DeploymentRow | null> {
  return deps.store.deployments.change(heard, (before) => {
    const row = before ?? newRow(heard);
    return withOrigin(row, {
      runId: heard.runId ?? row.runId,
      actor: row.actor ?? heard.actor,
      gateRequestedAt: row.gateRequestedAt ?? at,
    });
  });
}

/** Records that GitHub has asked the environment's own reviewers: they do not wait for our answer. */
export async function noteReviewersAsked(
  deps: Deps,
  repository: RepositoryRecord,
  { name, runId, deployment }: Event,
): Promise<void> {
  if (name !== "deployment_review.requested" || runId === null || deployment === null) return;
  await deps.store.records.setValue(
    reviewersAskedKey(repository.id, runId, deployment.environment),
    String(deps.clock.now()),
  );
}

/** The answer's own events may overtake our note of it: who looks for bypasses waits so long. */
const watchAfterMs = 10_000;

/** A protection-rule request: its deployment is judged at once; one that the payload does not name is looked for first. */
export async function askedItems(
  deps: Deps,
  repository: RepositoryRecord,
  event: Event,
  asked: ProtectionRuleRequest,
): Promise<readonly WorkItem[]> {
  const now = deps.clock.now();
  const { deployment, environment, runId } = asked;
  if (deployment === null || runId === null)
    return [findWaitingJob.item({ repository: repository.id, runId, environment }, now)];
  const { id: deploymentId, sha, ref } = deployment;
  const row = await noteAsked(
    deps,
    {
      repository: repository.id,
      deploymentId,
      environment,
      sha,
      ref,
      runId,
      actor: event.deployment?.creator ?? event.sender,
      createdAt: inOurTime(deps, event.deployment?.createdAt ?? now),
    },
    now,
  );
  // What was answered is answered: a question that is delivered twice asks nothing new.
  return row === null || row.gateAnsweredAt !== null ? [] : [judgeItem(subjectOf(row), now, true)];
}

/** What runs or succeeded; and what ran and ended red without any answer of ours, for it may have deployed before. */
const isLookedAt = (
  { startedAt, gateRequestedAt, gateAnswer }: DeploymentRow,
  state: DeploymentState,
): boolean =>
  state === "in_progress" ||
  state === "success" ||
  ((state === "failure" || state === "error") &&
    startedAt !== null &&
    gateRequestedAt === null &&
    gateAnswer === null);

/** Keeps what an event says of a deployment's course; once it runs, somebody looks whether it came through the gate. */
export async function noteDeployment(
  deps: Deps,
  repository: RepositoryRecord,
  event: Event,
): Promise<readonly WorkItem[]> {
  const found = event.deployment;
  if (
    found === null ||
    found.id === null ||
    found.sha === null ||
    found.ref === null ||
    event.name.startsWith("deployment_protection_rule")
  )
    return [];
  const { id: deploymentId, sha, ref, environment, runId, creator, createdAt, status } = found;
  const now = deps.clock.now();
  const heard: DeploymentSeen = {
    repository: repository.id,
    deploymentId,
    environment,
    sha,
    ref,
    runId,
    actor: creator ?? event.sender,
    createdAt: inOurTime(deps, createdAt ?? now),
  };
  const row = await deps.store.deployments.change(heard, (before) => {
    const known = before ?? newRow(heard);
    const named = withOrigin(known, { runId: known.runId ?? runId });
    return status === null
      ? named
      : withStatus(named, {
          ...status,
          by: status.by ?? undefined,
          at: inOurTime(deps, status.at ?? now),
        });
  });
  // A yes may have been given to its job before this was heard.
  if (row !== null && row.gateRequestedAt === null && row.gateAnswer === null)
    await wentOutOn(deps, row);
  return row !== null && status !== null && isLookedAt(row, status.state)
    ? [
        watchDeploymentJob.item(
          {
            repository: row.repository,
            deploymentId: row.deploymentId,
            environment: row.environment,
          },
          now + watchAfterMs,
        ),
      ]
    : [];
}
