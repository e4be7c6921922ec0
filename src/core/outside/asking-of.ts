import { sameEnvironment } from "#core/deployments/environment.ts";
import type { DeploymentRow, DeploymentState } from "#core/model/deployment.ts";

/** Clocks of machines differ. */
const slackMs = 60_000;
/** A job asks after it has checked out and set up; one that has run for so long without asking may have deployed long ago. */
const asksWithinMs = 60 * 60_000;

const ended: readonly DeploymentState[] = ["success", "failure", "error", "inactive"];

/**
 * How a deployment that runs, or ran, without a yes stands with asking over the API:
 * - `asked`: about itself, and it did not succeed: it was told no, or to wait, and ended, or still waits.
 * - `may_ask`: it runs, and may ask until then (epoch ms).
 * - `unasked`: it ended without asking, runs for too long without, or succeeded without a yes.
 */
export type AskingOf =
  | { readonly kind: "asked" }
  | { readonly kind: "may_ask"; readonly until: number }
  | { readonly kind: "unasked" };

/** Whether the question is of this very deployment: asked by its run while it was there. */
const isOf = (deployment: DeploymentRow, row: DeploymentRow): boolean =>
  row.question !== undefined &&
  row.sha === deployment.sha &&
  row.runId === deployment.runId &&
  sameEnvironment(row.environment, deployment.environment) &&
  row.question.askedAt >= deployment.createdAt - slackMs;

/** `rows`: of the commit. */
export function askingOf(
  deployment: DeploymentRow,
  rows: readonly DeploymentRow[],
  now: number,
): AskingOf {
  if (deployment.succeededAt !== null) return { kind: "unasked" };
  if (rows.some((row) => isOf(deployment, row))) return { kind: "asked" };
  const until = (deployment.startedAt ?? deployment.createdAt) + asksWithinMs;
  return ended.includes(deployment.state) || now >= until
    ? { kind: "unasked" }
    : { kind: "may_ask", until };
}
