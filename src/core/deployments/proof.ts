import type { DeploymentRow } from "#core/model/deployment.ts";

/** What is known of a repository besides its deployments, to tell history from what somebody made up. */
export interface HistoryView {
  /** When the gate first looked at the repository (epoch ms): what was deployed before is history. null: it never did. */
  readonly firstLookAt: number | null;
  /** Whether this very deployment is on record as having gone past the gate. */
  readonly isBypass: (row: DeploymentRow) => boolean;
  /** Whether rules judge deployments to the environment: then what runs there is what the gate let through. */
  readonly judges: (environment: string) => boolean;
}

/** The id of the act that records a deployment past the gate. */
export const bypassId = ({
  repository,
  deploymentId,
  environment,
}: Pick<DeploymentRow, "repository" | "deploymentId" | "environment">): string =>
  `bypass:${repository}:${deploymentId}:${environment}`;

/**
 * Whether the success of a deployment proves anything: anybody with write access can create one through the API and
 * call it a success. What this gate approved does, and what was there before the gate; elsewhere only where no rule
 * judges.
 */
export function provesSuccess(row: DeploymentRow, view: HistoryView): boolean {
  if (row.gateAnswer === "approved") return true;
  if (view.isBypass(row)) return false;
  if (!view.judges(row.environment)) return true;
  // GitHub tells by the second: what was made in the second of the first look is not known to be older.
  return view.firstLookAt !== null && row.createdAt < Math.floor(view.firstLookAt / 1000) * 1000;
}

/** The rows, those marked whose success proves nothing. None is left out: a failure counts no matter who reports it. */
export function markUnproven(
  rows: readonly DeploymentRow[],
  view: HistoryView,
): readonly DeploymentRow[] {
  return rows.map((row) => (provesSuccess(row, view) ? row : { ...row, provesNothing: true }));
}

/** Whether a failure is the last word on it, no matter who said so, and whatever followed that is no success. */
export const hasFailed = ({ state, finishedAt, succeededAt }: DeploymentRow): boolean =>
  state === "failure" ||
  state === "error" ||
  (finishedAt !== null && succeededAt !== null && finishedAt > succeededAt);

/** Whether the environment ran it, by all that is proven; a failure that was said of it later takes nothing from that. */
export const ranThere = ({
  succeededAt,
  provesNothing,
}: Pick<DeploymentRow, "succeededAt" | "provesNothing">): boolean =>
  succeededAt !== null && provesNothing !== true;

/** A success on which something may stand. */
export const isProvenSuccess = (row: DeploymentRow): boolean => ranThere(row) && !hasFailed(row);
