import type { DeploymentRow } from "#core/model/deployment.ts";

/** What is known of a repository besides its deployments, to tell real history from deployments that somebody made up. */
export interface HistoryView {
  /** When the gate first looked at the repository (epoch ms): what was deployed before is history. null: it never did. */
  readonly firstLookAt: number | null;
  /** Whether this very deployment is on record as having gone past the gate. */
  readonly isBypass: (row: DeploymentRow) => boolean;
  /** Whether rules judge deployments to the environment; if so, only what the gate let through proves anything. */
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
 * report it as a success. It does if this gate approved it, if it is older than the gate, or if no rule judges the
 * environment.
 */
export function provesSuccess(row: DeploymentRow, view: HistoryView): boolean {
  if (row.gateAnswer === "approved") return true;
  if (view.isBypass(row)) return false;
  if (!view.judges(row.environment)) return true;
  // GitHub's instants are whole seconds: a deployment of the same second is not known to be older.
  return view.firstLookAt !== null && row.createdAt < Math.floor(view.firstLookAt / 1000) * 1000;
}

/** The rows, with those marked whose success proves nothing. None is left out: a failure counts no matter who reports it. */
export function markUnproven(
  rows: readonly DeploymentRow[],
  view: HistoryView,
): readonly DeploymentRow[] {
  return rows.map((row) => (provesSuccess(row, view) ? row : { ...row, provesNothing: true }));
}

/** Whether it failed, no matter who reported that, and did not succeed afterwards. */
export const hasFailed = ({ state, finishedAt, succeededAt }: DeploymentRow): boolean =>
  state === "failure" ||
  state === "error" ||
  (finishedAt !== null && succeededAt !== null && finishedAt > succeededAt);

/** Whether it is proven that the environment ran it; a failure that was reported later does not change that. */
export const ranThere = ({
  succeededAt,
  provesNothing,
}: Pick<DeploymentRow, "succeededAt" | "provesNothing">): boolean =>
  succeededAt !== null && provesNothing !== true;

/** A success that other decisions may rely on. */
export const isProvenSuccess = (row: DeploymentRow): boolean => ranThere(row) && !hasFailed(row);
