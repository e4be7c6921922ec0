import type { AskedAtDoor } from "#core/events/touches.ts";
import type { Event } from "#core/model/event.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { priorities, type WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { newRow, withOrigin, withStatus, type HeardDeployment } from "#core/deployments/history.ts";
import { inOurTime } from "./in-our-time.ts";
import type { Deps } from "#flow/deps.ts";
import { judgeItem } from "#flow/jobs/judge-item.ts";

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

/** Records that the protection rule asks about a deployment; the first request stands. */
export async function noteAsked(
  deps: Deps,
  heard: HeardDeployment,
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

/** A protection-rule request whose payload names no deployment or no run, or an environment in which something waits: GitHub is asked. `runId` null: in which run, too. */
export const findWaitingItem = (
  repository: number,
  runId: number | null,
  environment: string | null,
  now: number,
): WorkItem => ({
  key: `find-waiting:${repository}:${runId ?? environment ?? ""}`,
  kind: "find-waiting",
  payload: { repository, runId, environment },
  priority: priorities.deployment,
  runAt: now,
});

/** The answer's own events may overtake our note of it: who looks for bypasses waits so long. */
const watchAfterMs = 10_000;

const watchItem = (row: DeploymentRow, now: number): WorkItem => ({
  key: `watch:${row.repository}:${row.deploymentId}:${row.environment}`,
  kind: "watch-deployment",
  payload: {
    repository: row.repository,
    deploymentId: row.deploymentId,
    environment: row.environment,
  },
  priority: priorities.sweep,
  runAt: now + watchAfterMs,
});

/** A protection-rule request: its deployment is judged at once; one that the payload does not name is looked for first. */
export async function askedItems(
  deps: Deps,
  repository: RepositoryRecord,
  event: Event,
  asked: AskedAtDoor,
): Promise<readonly WorkItem[]> {
  const now = deps.clock.now();
  const { deployment, environment, runId } = asked;
  if (deployment === null || runId === null)
    return [findWaitingItem(repository.id, runId, environment, now)];
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
  const heard: HeardDeployment = {
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
      : withStatus(named, { ...status, at: inOurTime(deps, status.at ?? now) });
  });
  const isMoving =
    status !== null && (status.state === "in_progress" || status.state === "success");
  return row !== null && isMoving ? [watchItem(row, now)] : [];
}

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
