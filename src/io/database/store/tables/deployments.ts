import type { DeploymentState } from "#core/model/deployment.ts";

export interface DeploymentTable {
  readonly repository: number;
  readonly deployment_id: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly run_id: number | null;
  /** JSON. */
  readonly actor: string | null;
  readonly created_at: number;
  readonly state: DeploymentState;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly succeeded_at: number | null;
  readonly gate_requested_at: number | null;
  readonly gate_answered_at: number | null;
  readonly gate_answer: "approved" | "rejected" | null;
  readonly reports: number;
  /** JSON; null: a deployment of GitHub's. */
  readonly question: string | null;
  /** JSON; null: nothing was said of its end, or that was not kept yet. */
  readonly told: string | null;
}
