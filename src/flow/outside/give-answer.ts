import { sameEnvironment } from "#core/deployments/environment.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey } from "#core/model/subject.ts";
import { answeredNow } from "#core/outside/asking.ts";
import { wentOutOn } from "#flow/bypasses/went-out-on.ts";
import type { Deps } from "#flow/deps.ts";
import { takingOf } from "#flow/in-force/used-overrides.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";
import type { Bell } from "./bell.ts";

/**
 * Gives the answer of a question away, where there is one that is a yes or a no; null: there is none, or the yes, or an
 * override that it stands on, was given to another. `own`: which ask of the question it is for.
 */
export function createGiving(
  deps: Deps,
  bell: Bell,
): (row: DeploymentRow, own: number) => Promise<DeploymentRow | null> {
  const { store, clock, meter } = deps;

  /** Takes the overrides that a yes stands on: the caller that is answered takes them, not one that asked earlier. false: another deployment has taken them. */
  async function takes(row: DeploymentRow, acts: readonly string[]): Promise<boolean> {
    if (acts.length === 0) return true;
    const premises = await takingOf(deps, subjectOf(row), acts);
    const taken = { lease: null, decision: null, effects: [], audit: [], premises };
    return (await store.ledger.record(taken)) === "recorded";
  }

  /** The job that asks may be a deployment of GitHub's already: it goes out on this yes. */
  async function noteRunning(row: DeploymentRow): Promise<void> {
    for (const other of await store.deployments.ofSha(row.repository, row.sha))
      if (
        other.question === undefined &&
        other.runId !== null &&
        other.runId === row.runId &&
        other.gateAnswer === null &&
        sameEnvironment(other.environment, row.environment)
      )
        await wentOutOn(deps, other);
  }

  return async (row, own) => {
    const now = clock.now();
    const stops = await store.acts.countStops({ repository: row.repository, pullRequests: null });
    const acts = row.question?.judged?.takes ?? [];
    const isYes = answeredNow(row, own, now, stops)?.gateAnswer === "approved";
    if (isYes && !(await takes(row, acts))) return null;
    let isOurs = false;
    const after = await store.deployments.change(row, (before) => {
      // Judged anew meanwhile, it may stand on an override that was not taken.
      const isTaken = String(before?.question?.judged?.takes ?? []) === String(acts);
      const answered = before === null || !isTaken ? null : answeredNow(before, own, now, stops);
      isOurs = answered !== null;
      return answered;
    });
    if (after === null || after.gateAnswer === null) return null;
    if (!isOurs) return after.gateAnswer === "rejected" ? after : null;
    await store.audit.append([
      {
        at: now,
        kind: "gate_answered",
        repository: row.repository,
        subject: subjectKey(subjectOf(row)),
        actor: after.actor?.login ?? null,
        detail: {
          answer: after.gateAnswer,
          caller: after.question?.caller ?? null,
          digest: after.question?.digest ?? null,
          validUntil: after.question?.validUntil ?? null,
        },
      },
    ]);
    meter.count("deployments_answered_total", { answer: after.gateAnswer });
    bell.ring(subjectKey(subjectOf(row)));
    if (after.gateAnswer === "approved") await noteRunning(after);
    return after;
  };
}
