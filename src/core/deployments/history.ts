import type { Person } from "#core/model/actor.ts";
import type { DeploymentRow, DeploymentState } from "#core/model/deployment.ts";
import { newestSuccess } from "./newest-success.ts";
import { hasFailed, isProvenSuccess, ranThere } from "./proof.ts";

/** What is known of a deployment when it is first heard of. Instants are epoch ms. */
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

/** How far a deployment is: at a door, in the queue, running, done, replaced. */
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
}

/** A job deploys it: only runs make a deployment that names one, and only they ask at the door. */
export const isOfRun = ({
  runId,
  gateRequestedAt,
}: Pick<DeploymentRow, "runId" | "gateRequestedAt">): boolean =>
  runId !== null || gateRequestedAt !== null;

/**
 * The row once more is known of where it comes from. Where it turns out that a job deploys it, what was heard of its
 * success before may be anybody's word, and is forgotten: GitHub is asked again.
 */
export function withOrigin(
  row: DeploymentRow,
  origin: Partial<Pick<DeploymentRow, "runId" | "actor" | "gateRequestedAt">>,
): DeploymentRow {
  const after = { ...row, ...origin };
  if (isOfRun(row) || !isOfRun(after) || row.succeededAt === null) return after;
  return hasFailed(row)
    ? { ...after, state: row.state === "error" ? "error" : "failure", succeededAt: null }
    : { ...after, state: "pending", finishedAt: null, succeededAt: null };
}

/**
 * The row after a status. Statuses arrive in any order and more than once: the outcome depends only on which were
 * heard. Of two final states the later stands, at one instant the failure; `inactive` follows a success and takes
 * nothing from it. How a job went only its run can tell: a success that somebody else calls it is none, a failure is.
 */
export function withStatus(row: DeploymentRow, heard: StatusReported): DeploymentRow {
  const { state, at } = heard;
  if (state === "success" && !heard.byActions && isOfRun(row)) return row;
  const later = (a: number | null, b: number): number => (a === null ? b : Math.max(a, b));
  const isFinal = rank[state] === final;
  const isAfter = at > (row.finishedAt ?? 0) || (at === row.finishedAt && state < row.state);
  const isNewer =
    rank[state] > rank[row.state] || (isFinal && rank[row.state] === final && isAfter);
  return {
    ...row,
    state: isNewer ? state : row.state,
    startedAt: state === "in_progress" ? Math.min(row.startedAt ?? at, at) : row.startedAt,
    finishedAt: isFinal ? later(row.finishedAt, at) : row.finishedAt,
    succeededAt: state === "success" ? later(row.succeededAt, at) : row.succeededAt,
  };
}

/** The row once its run is over and nobody told how it went: a status that comes late counts all the same. */
export const withoutStatus = (row: DeploymentRow): DeploymentRow => ({ ...row, state: "inactive" });

/**
 * The newest deployment of the environment that is proven to have succeeded before this one: what runs there now. Where each
 * of them was called a failure later, which anybody with write access may say, it is the newest all the same: an
 * environment where something ran is none that waits for its first deployment.
 */
export function lastSuccess(rows: readonly DeploymentRow[], except: number): DeploymentRow | null {
  const ran = rows.filter((row) => row.deploymentId !== except && ranThere(row));
  return newestSuccess(ran.filter(isProvenSuccess)) ?? newestSuccess(ran);
}

/**
 * The newest that anybody called a success, though nothing proves it: it went past the gate, or the environment was not
 * judged yet. Anybody may make one up, so what came since may only be looked at besides, never instead.
 */
export const unprovenSuccess = (
  rows: readonly DeploymentRow[],
  except: number,
): DeploymentRow | null => newestSuccess(rows.filter((row) => row.deploymentId !== except));
