import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Act } from "#core/model/act.ts";
import type { Decision } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import { overridesAtWork } from "#core/overrides/apply.ts";
import { askedIn } from "#core/overrides/request.ts";
import type { Premise } from "#core/ports/ledger.ts";
import type { Deps } from "#flow/deps.ts";

/** Whether an override let another deployment of this commit to this environment through: it is for one (threat T53). */
function isUsedUp(rows: readonly DeploymentRow[], subject: DeploymentSubject, act: Act): boolean {
  const wasLetThrough = (row: DeploymentRow): boolean =>
    row.succeededAt !== null && (row.createdAt > act.at || (row.gateAnsweredAt ?? 0) >= act.at);
  return rows.some(
    (row) =>
      row.sha === subject.sha &&
      row.deploymentId !== subject.deploymentId &&
      sameEnvironment(row.environment, subject.environment) &&
      wasLetThrough(row),
  );
}

/**
 * The stored value with the subject key of the deployment that an override let through. It is for one deployment in
 * any environment, also if none waited when it was asked for (threat T53).
 */
const usedFor = (act: string): string => `override-used:${act}`;

/** Whether a deployment was let through by it, whatever ended it afterwards. */
export const hasLetThrough = async (
  { store }: Pick<Deps, "store">,
  act: string,
): Promise<boolean> => (await store.records.getValue(usedFor(act))) !== null;

/** Requests that are for another deployment: asked for it, or used by it. */
export async function requestsForOthers(
  { store }: Pick<Deps, "store">,
  acts: readonly Act[],
  subject: DeploymentSubject,
  rows: readonly DeploymentRow[],
): Promise<ReadonlySet<string>> {
  const others = new Set<string>();
  for (const act of acts.filter(({ kind }) => kind === "override")) {
    const bound = askedIn(act).deployment ?? null;
    const user = await store.records.getValue(usedFor(act.id));
    const isAnothers =
      bound !== null &&
      (bound.id !== subject.deploymentId ||
        !sameEnvironment(bound.environment, subject.environment));
    if (
      isAnothers ||
      (user !== null && user !== subjectKey(subject)) ||
      isUsedUp(rows, subject, act)
    )
      others.add(act.id);
  }
  return others;
}

/** Overrides that an approval stands on and that are for one deployment, by the id of their acts. */
export const overridesToTake = (decision: Decision | null): readonly string[] =>
  decision === null
    ? []
    : overridesAtWork(decision).flatMap(({ id, name }) => (name === "rollback" ? [] : [id]));

/**
 * The overrides that an approval uses up, in the transaction that records it, so that no override lets two
 * deployments through. `acts`: as `overridesToTake` tells.
 */
export async function takingOf(
  { store }: Pick<Deps, "store">,
  subject: DeploymentSubject,
  acts: readonly string[],
): Promise<readonly Premise[]> {
  const taken: Premise[] = [];
  for (const act of acts) {
    const key = usedFor(act);
    const to = subjectKey(subject);
    const from = await store.records.getValue(key);
    taken.push({ kind: "value", key, from: from === to ? to : null, to });
  }
  return taken;
}
