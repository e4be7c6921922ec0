import type { Person } from "#core/model/actor.ts";
import type { DeploymentRow, DeploymentState, ToldOf } from "#core/model/deployment.ts";
import { newestSuccess } from "./newest-success.ts";
import { hasFailed, isProvenSuccess, ranThere } from "./proof.ts";

/** What is known of a deployment from the first event about it. Instants are epoch ms. */
export interface DeploymentSeen {
  readonly repository: number;
  readonly deploymentId: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly runId: number | null;
  readonly actor: Person | null;
  readonly createdAt: number;
}

export function newRow(heard: DeploymentSeen): DeploymentRow {
  return {
    ...heard,
    state: "pending",
    startedAt: null,
    finishedAt: null,
    succeededAt: null,
    gateRequestedAt: null,
    gateAnsweredAt: null,
    gateAnswer: null,
    reports: 0,
  };
}

/** Progress of a deployment, in order: waiting for a protection rule, queued, running, finished, replaced. */
const rank: Readonly<Record<DeploymentState, number>> = {
  pending: 0,
  waiting: 1,
  queued: 2,
  in_progress: 3,
  success: 4,
  failure: 4,
  error: 4,
  inactive: 5,
};
const final = rank.success;

export interface StatusReported {
  readonly state: DeploymentState;
  /** Epoch ms. */
  readonly at: number;
  /** GitHub Actions itself set it. */
  readonly byActions: boolean;
  /** Who set it; left out where GitHub does not say. */
  readonly by?: Person | undefined;
}

/**
 * Whether a job of a workflow run deploys it: only runs create deployments that name a run, and only their jobs
 * wait for a protection rule.
 */
export const isOfRun = ({
  runId,
  gateRequestedAt,
}: Pick<DeploymentRow, "runId" | "gateRequestedAt">): boolean =>
  runId !== null || gateRequestedAt !== null;

/**
 * Whether a status was set by the deployment's deployer: for a job GitHub Actions, otherwise its creator, GitHub
 * Actions, or an App (no person can act as one). If either is not known, it counts as the deployer's.
 */
function isByDeployer(row: DeploymentRow, { byActions, by }: StatusReported): boolean {
  if (byActions) return true;
  if (isOfRun(row)) return false;
  return by === undefined || row.actor === null || by.type === "Bot" || by.id === row.actor.id;
}

/**
 * The row after its origin became known. If a job deploys it, a success that was recorded before may have been set
 * by anybody through the API, so it is dropped and GitHub is asked again.
 */
export function withOrigin(
  row: DeploymentRow,
  origin: Partial<Pick<DeploymentRow, "runId" | "actor" | "gateRequestedAt">>,
): DeploymentRow {
  const after = { ...row, ...origin };
  if (isOfRun(row) || !isOfRun(after)) return after;
  // What anybody claimed of it is forgotten as well; that somebody blames it is not.
  const blamedAt = row.told?.blamedAt;
  const told = blamedAt === undefined ? undefined : { blamedAt };
  if (row.succeededAt === null) return { ...after, told };
  const forgotten = { ...after, succeededAt: null, told };
  return hasFailed(row)
    ? { ...forgotten, state: row.state === "error" ? "error" : "failure" }
    : { ...forgotten, state: "pending", finishedAt: null };
}

/**
 * The row after a status. Statuses arrive in any order and more than once: the result depends only on which have
 * arrived. Of two final states the later one wins, at the same instant the failure; `inactive` follows a success
 * and does not undo it. A success counts only if its deployer set it; a failure counts from anybody.
 */
export function withStatus(row: DeploymentRow, heard: StatusReported): DeploymentRow {
  const { state, at } = heard;
  const isOwn = isByDeployer(row, heard);
  if (state === "success" && !isOwn) return isOfRun(row) ? row : withTold(row, "claimedAt", at);
  const later = (a: number | null, b: number): number => (a === null ? b : Math.max(a, b));
  const isFinal = rank[state] === final;
  const isAfter = at > (row.finishedAt ?? 0) || (at === row.finishedAt && state < row.state);
  const isNewer =
    rank[state] > rank[row.state] || (isFinal && rank[row.state] === final && isAfter);
  return {
    ...(isFinal ? withTold(row, isOwn ? "endedAt" : "blamedAt", at) : row),
    state: isNewer ? state : row.state,
    startedAt: state === "in_progress" ? Math.min(row.startedAt ?? at, at) : row.startedAt,
    finishedAt: isFinal ? later(row.finishedAt, at) : row.finishedAt,
    succeededAt: state === "success" ? later(row.succeededAt, at) : row.succeededAt,
  };
}

const withTold = (row: DeploymentRow, what: keyof ToldOf, at: number): DeploymentRow => ({
  ...row,
  told: { ...row.told, [what]: Math.max(row.told?.[what] ?? at, at) },
});

/** The row when its run has ended and its deployer set no final status; a status that arrives later still counts. */
export const withoutStatus = (row: DeploymentRow): DeploymentRow =>
  hasFailed(row)
    ? withTold(row, "endedAt", row.finishedAt ?? row.createdAt)
    : { ...row, state: "inactive" };

/** The row; if only somebody else than its deployer reported a success, with that success, marked as proving nothing. */
export const asClaimed = (row: DeploymentRow): DeploymentRow =>
  row.succeededAt === null && row.told?.claimedAt !== undefined
    ? { ...row, succeededAt: row.told.claimedAt, provesNothing: true }
    : row;

/**
 * What runs in the environment: its newest deployment with a proven success, `except` this one. If all of them were
 * reported as failed later (anybody with write access can do that) it is still the newest: an environment in which
 * something ran is not one that waits for its first deployment.
 */
export function lastSuccess(rows: readonly DeploymentRow[], except: number): DeploymentRow | null {
  const ran = rows.filter((row) => row.deploymentId !== except && ranThere(row));
  return newestSuccess(ran.filter(isProvenSuccess)) ?? newestSuccess(ran);
}

/**
 * The newest deployment that was reported as a success without proof: it bypassed the gate, or no rule judged the
 * environment yet. Anybody can create one, so the range since it is looked at in addition to the proven one, never
 * instead of it.
 */
export const unprovenSuccess = (
  rows: readonly DeploymentRow[],
  except: number,
): DeploymentRow | null =>
  newestSuccess(rows.filter((row) => row.deploymentId !== except).map(asClaimed));
