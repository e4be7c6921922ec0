import type { Person } from "./actor.ts";

export const deploymentStates = [
  "waiting",
  "queued",
  "pending",
  "in_progress",
  "success",
  "failure",
  "error",
  "inactive",
] as const;
export type DeploymentState = (typeof deploymentStates)[number];

/** One deployment as Gatehouse remembers it: the base of promotion, rollback and the metrics. Instants are epoch ms. */
export interface DeploymentRow {
  readonly repository: number;
  readonly deploymentId: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly runId: number | null;
  readonly actor: Person | null;
  readonly createdAt: number;
  /** The newest state GitHub reported; `inactive` follows a success that a later deployment replaced. */
  readonly state: DeploymentState;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Whether it ever reached `success`, and when: an inactive deployment still was a success. */
  readonly succeededAt: number | null;
  /** When our protection rule was asked, and what we answered. null: it never was. */
  readonly gateRequestedAt: number | null;
  readonly gateAnsweredAt: number | null;
  readonly gateAnswer: "approved" | "rejected" | null;
  /** Status reports sent so far (GitHub takes ten a deployment). */
  readonly reports: number;
  /** Told by who reads history under a policy, never kept: the gate did not let it through, so its success proves nothing. */
  readonly provesNothing?: boolean;
}
