import type { DeploymentState } from "#core/model/deployment.ts";
import type { Deps } from "#flow/deps.ts";
import type { Viewer } from "./viewer.ts";

export interface DeploymentsList {
  readonly deployments: readonly {
    readonly id: number;
    readonly environment: string;
    readonly sha: string;
    readonly ref: string;
    readonly state: DeploymentState;
    readonly by: string | null;
    readonly createdAt: number;
    readonly finishedAt: number | null;
    readonly answer: "approved" | "rejected" | null;
    readonly answeredAt: number | null;
  }[];
}

const shown = 100;

/** The newest deployments of a repository, to one environment or to each; null: not for the viewer. */
export async function listDeployments(
  { store }: Pick<Deps, "store">,
  viewer: Viewer,
  owner: string,
  name: string,
  environment: string | undefined,
): Promise<DeploymentsList | null> {
  const repository = await store.records.repositoryByName(owner, name);
  if (repository === null || !(await viewer.mayRead(repository))) return null;
  const all =
    environment === undefined ? await store.deployments.environments(repository.id) : [environment];
  const rows = (
    await Promise.all(
      all
        .filter(viewer.sees)
        .map((each) => store.deployments.inEnvironment(repository.id, each, shown)),
    )
  ).flat();
  return {
    deployments: rows
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .slice(0, shown)
      .map((row) => ({
        id: row.deploymentId,
        environment: row.environment,
        sha: row.sha,
        ref: row.ref,
        state: row.state,
        by: row.actor?.login ?? null,
        createdAt: row.createdAt,
        finishedAt: row.finishedAt,
        answer: row.gateAnswer,
        answeredAt: row.gateAnsweredAt,
      })),
  };
}
