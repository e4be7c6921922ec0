import type { DeploymentRow } from "#core/model/deployment.ts";

export interface Deployments {
  readonly save: (row: DeploymentRow) => Promise<void>;
  /**
   * Reads the row and writes what `change` makes of it (null: nothing), as one step: what an event says and what the
   * gate answers arrive at the same moment, and neither may undo the other. Answers with the row as it stands then.
   */
  readonly change: (
    key: {
      readonly repository: number;
      readonly deploymentId: number;
      readonly environment: string;
    },
    change: (row: DeploymentRow | null) => DeploymentRow | null,
  ) => Promise<DeploymentRow | null>;
  /**
   * Makes or renews the row of a question about a commit, as one step: two callers who ask at once ask the same.
   * `ask` is handed what is known of the commit, newest first.
   */
  readonly ask: (
    question: { readonly repository: number; readonly sha: string },
    ask: (rows: readonly DeploymentRow[]) => DeploymentRow,
  ) => Promise<DeploymentRow>;
  readonly row: (
    repository: number,
    deploymentId: number,
    environment: string,
  ) => Promise<DeploymentRow | null>;
  /**
   * Newest first. `which`: only deployments that succeeded once (no questions), or only what the gate
   * let through; so that neither is lost behind many that came to nothing.
   */
  readonly inEnvironment: (
    repository: number,
    environment: string,
    limit: number,
    which?: "succeeded" | "approved",
  ) => Promise<readonly DeploymentRow[]>;
  /** Those that jobs of the run make, whatever became of them. */
  readonly ofRun: (repository: number, runId: number) => Promise<readonly DeploymentRow[]>;
  readonly ofSha: (repository: number, sha: string) => Promise<readonly DeploymentRow[]>;
  /** Asked of our gate and not answered, oldest first. */
  readonly waiting: () => Promise<readonly DeploymentRow[]>;
  readonly environments: (repository: number) => Promise<readonly string[]>;
  /** Repositories with a deployment made since then. */
  readonly repositoriesSince: (createdAt: number) => Promise<readonly number[]>;
}
