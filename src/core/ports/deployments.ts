import type { DeploymentRow } from "#core/model/deployment.ts";

export interface Deployments {
  readonly save: (row: DeploymentRow) => Promise<void>;
  /**
   * Reads the row and writes what `change` makes of it (null: nothing), in one transaction: events and answers of
   * the gate arrive at the same moment, and neither may undo the other. Answers with the row as it stands then.
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
   * Makes or renews the row of a question about a commit, as one step, so that what one caller asks twice at once is one
   * question. A row that was made never becomes one of another commit or environment.
   */
  readonly ask: (
    question: { readonly repository: number; readonly sha: string },
    asking: {
      /** `rows`: of the commit, newest first. null: it is none of them. */
      readonly again: (rows: readonly DeploymentRow[]) => DeploymentRow | null;
      /** `newest`: the highest number of a question in the repository. */
      readonly anew: (newest: number | null) => DeploymentRow;
    },
  ) => Promise<DeploymentRow>;
  readonly row: (
    repository: number,
    deploymentId: number,
    environment: string,
  ) => Promise<DeploymentRow | null>;
  /** Those of these that there are, with their names spelt as they are kept. */
  readonly rows: (
    keys: readonly {
      readonly repository: number;
      readonly deploymentId: number;
      readonly environment: string;
    }[],
  ) => Promise<readonly DeploymentRow[]>;
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
  /**
   * What rules look back over, newest first: the newest of an environment, and of older ones what ran or was let through, so
   * that neither is lost behind many that came to nothing.
   */
  readonly lookBack: (repository: number, environment: string) => Promise<readonly DeploymentRow[]>;
  /** Those that jobs of the run make, whatever became of them. */
  readonly ofRun: (repository: number, runId: number) => Promise<readonly DeploymentRow[]>;
  readonly ofSha: (repository: number, sha: string) => Promise<readonly DeploymentRow[]>;
  /** Asked of our gate and not answered, oldest first. */
  readonly waiting: () => Promise<readonly DeploymentRow[]>;
  readonly environments: (repository: number) => Promise<readonly string[]>;
  /** All of these repositories, newest first. */
  readonly ofRepositories: (repositories: readonly number[]) => Promise<readonly DeploymentRow[]>;
  /** Repositories with a deployment made since then. */
  readonly repositoriesSince: (createdAt: number) => Promise<readonly number[]>;
}
