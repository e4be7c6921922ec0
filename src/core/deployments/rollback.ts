import type { Act } from "#core/model/act.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { sameEnvironment } from "./environment.ts";
import { newestSuccess } from "./newest-success.ts";
import { isProvenSuccess } from "./proof.ts";

/** The deployment that is judged, as far as questions to the history need it. */
export interface Deployed {
  readonly deploymentId: number;
  readonly environment: string;
  readonly sha: string;
}

/** The newest earlier deployment of this commit that succeeded here, which is what lets a roll back use the fast lane. */
export function knownGood(
  rows: readonly DeploymentRow[],
  deployed: Deployed,
): DeploymentRow | null {
  return newestSuccess(
    rows.filter(
      (row) =>
        row.sha === deployed.sha &&
        row.deploymentId !== deployed.deploymentId &&
        sameEnvironment(row.environment, deployed.environment) &&
        isProvenSuccess(row),
    ),
  );
}

/**
 * The /rollback that asks for this deployment; null where none does. It is used up by the first deployment of its
 * commit that was asked for or let through after it and succeeded. For a question over the API no event tells of
 * the success, so its approval uses it up (threat T53: nothing is used twice).
 */
export function rollbackFor(
  acts: readonly Act[],
  rows: readonly DeploymentRow[],
  deployed: Deployed,
  now: number,
): Act | null {
  const wentOut = ({ question, gateAnswer, gateAnsweredAt, ...row }: DeploymentRow, at: number) => {
    const isLetThrough = (gateAnsweredAt ?? 0) >= at;
    return question === undefined
      ? row.succeededAt !== null && (row.createdAt > at || isLetThrough)
      : gateAnswer === "approved" && isLetThrough;
  };
  const isUsed = (act: Act): boolean =>
    rows.some(
      (row) =>
        row.sha === deployed.sha &&
        row.deploymentId !== deployed.deploymentId &&
        sameEnvironment(row.environment, deployed.environment) &&
        wentOut(row, act.at),
    );
  return (
    acts.findLast(
      (act) =>
        act.kind === "rollback" &&
        act.sha === deployed.sha &&
        act.environment !== null &&
        sameEnvironment(act.environment, deployed.environment) &&
        act.at <= now &&
        (act.expiresAt === null || act.expiresAt > now) &&
        !isUsed(act),
    ) ?? null
  );
}

/** The commit to go back to: the newest that succeeded here before the one that runs now; null where none is known. */
export function lastKnownGood(
  rows: readonly DeploymentRow[],
  environment: string,
): DeploymentRow | null {
  const succeeded = rows
    .filter((row) => sameEnvironment(row.environment, environment) && row.succeededAt !== null)
    .sort((a, b) => (b.succeededAt ?? 0) - (a.succeededAt ?? 0));
  const running = succeeded[0];
  return running === undefined
    ? null
    : (succeeded.find((row) => row.sha !== running.sha && isProvenSuccess(row)) ?? null);
}
