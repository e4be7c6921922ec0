import type { DeploymentRow } from "#core/model/deployment.ts";
import { asClaimed } from "./history.ts";
import { waitsAtMostMs } from "./longest-wait.ts";
import { newestSuccess } from "./newest-success.ts";
import { isOnItsWay } from "./on-its-way.ts";
import { hasFailed, isProvenSuccess } from "./proof.ts";

/** Where a commit stands in the environment it is promoted from. `row`: the deployment there that says so. */
export type Promotion =
  | { readonly kind: "never" }
  /** `unproven`: it was reported as a success, but this gate did not let it through. */
  | {
      readonly kind: "running" | "failed" | "too_old" | "ready" | "unproven";
      readonly row: DeploymentRow;
    }
  /** Bakes until (epoch ms). */
  | { readonly kind: "baking"; readonly row: DeploymentRow; readonly until: number }
  /** Another commit replaced it before it had baked, or an older one did (a roll back). */
  | {
      readonly kind: "replaced" | "rolled_back";
      readonly row: DeploymentRow;
      readonly by: DeploymentRow;
    };

export interface Proof {
  /** ms. */
  readonly bake: number;
  readonly within: number | null;
}

const newest = (rows: readonly DeploymentRow[]): DeploymentRow | undefined =>
  rows.reduce<DeploymentRow | undefined>(
    (best, row) =>
      best === undefined ||
      row.createdAt > best.createdAt ||
      (row.createdAt === best.createdAt && row.deploymentId > best.deploymentId)
        ? row
        : best,
    undefined,
  );

/**
 * Whether it says anything of what the environment runs: it went out or tried to, may still, or was turned away. What
 * was cancelled at the door, or made through the API and never begun, changed nothing there.
 */
function tells(row: DeploymentRow, now: number): boolean {
  if (row.succeededAt !== null) return hasFailed(row) || isProvenSuccess(row);
  return (
    hasFailed(row) ||
    row.startedAt !== null ||
    row.gateAnswer === "rejected" ||
    isOnItsWay(row, now)
  );
}

/** The commit's newest deployment there by which it is judged; undefined: none says anything. */
export const newestTelling = (
  rows: readonly DeploymentRow[],
  sha: string,
  now: number,
): DeploymentRow | undefined => newest(rows.filter((row) => row.sha === sha && tells(row, now)));

function fateOf(row: DeploymentRow, now: number): "failed" | "running" | "succeeded" {
  if (hasFailed(row)) return "failed";
  if (row.succeededAt !== null) return "succeeded";
  // Nobody may have asked for it, where the environment asks no gate: then it waits for a runner.
  const mayBegin = row.gateAnsweredAt === null && row.state !== "inactive";
  return isOnItsWay(row, now) || (mayBegin && now - row.createdAt <= waitsAtMostMs)
    ? "running"
    : "failed";
}

/** What the other jobs of its run deployed there, and it: of each job what it made when it was tried last. */
const ofSameRun = (
  rows: readonly DeploymentRow[],
  { runId, sha, deploymentId }: DeploymentRow,
): readonly DeploymentRow[] =>
  rows.filter(
    (each) =>
      each.deploymentId === deploymentId ||
      (runId !== null &&
        each.runId === runId &&
        each.sha === sha &&
        each.triedAgain !== true &&
        (each.succeededAt === null || hasFailed(each) || isProvenSuccess(each))),
  );

/**
 * Judges a commit by its newest deployment there, so that a redeployment starts the bake anew and a failed one undoes
 * an earlier success. Several jobs of one run are one deployment, which succeeded when all of them did. Time counts
 * only while the commit really ran: what took its place ends it.
 */
export function promotionOf(
  rows: readonly DeploymentRow[],
  sha: string,
  now: number,
  { bake, within }: Proof,
): Promotion {
  const last = newestTelling(rows, sha, now);
  if (last === undefined) {
    const said = newest(rows.filter((each) => each.sha === sha).map(asClaimed));
    if (said === undefined) return { kind: "never" };
    return said.succeededAt !== null
      ? { kind: "unproven", row: said }
      : { kind: fateOf(said, now) === "failed" ? "failed" : "running", row: said };
  }
  const run = ofSameRun(rows, last);
  const failed = newest(run.filter((each) => fateOf(each, now) === "failed"));
  if (failed !== undefined) return { kind: "failed", row: failed };
  const running = newest(run.filter((each) => fateOf(each, now) === "running"));
  if (running !== undefined) return { kind: "running", row: running };
  const row = newestSuccess(run) ?? last;
  const succeededAt = row.succeededAt ?? row.createdAt;

  const after = rows
    .map(asClaimed)
    .filter(
      (each) => each.sha !== sha && each.succeededAt !== null && each.succeededAt > succeededAt,
    )
    .sort((a, b) => (a.succeededAt ?? 0) - (b.succeededAt ?? 0));
  const older = after.find((each) =>
    rows.some(
      (before) =>
        before.sha === each.sha && before.succeededAt !== null && before.succeededAt < succeededAt,
    ),
  );
  if (older !== undefined) return { kind: "rolled_back", row, by: older };
  const next = after[0];
  if (next !== undefined && (next.succeededAt ?? 0) - succeededAt < bake)
    return { kind: "replaced", row, by: next };
  if (now - succeededAt < bake) return { kind: "baking", row, until: succeededAt + bake };
  if (within !== null && now - succeededAt > within) return { kind: "too_old", row };
  return { kind: "ready", row };
}

/** The other commit that succeeded there last, after this one; null if this one still runs there. */
export const placeTakenBy = (
  rows: readonly DeploymentRow[],
  { sha, succeededAt }: DeploymentRow,
): DeploymentRow | null => {
  const last = rows.reduce<DeploymentRow | null>(
    (best, row) => ((row.succeededAt ?? 0) > (best?.succeededAt ?? succeededAt ?? 0) ? row : best),
    null,
  );
  return last === null || last.sha === sha ? null : last;
};
