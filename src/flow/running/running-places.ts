import { looksLikeProduction } from "#core/decide/governed.ts";
import { newestSuccess } from "#core/deployments/newest-success.ts";
import { isProvenSuccess } from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Store } from "#core/ports/store.ts";

/** What runs in one environment. */
export interface RunningPlace {
  readonly row: DeploymentRow;
  /** What is known of the environment, newest first. */
  readonly rows: readonly DeploymentRow[];
}

const mostRows = 50;

/** Environments that are production by their names, each once: GitHub compares names without case. */
export async function productionOf(
  { deployments }: Pick<Store, "deployments">,
  repository: number,
): Promise<readonly string[]> {
  const names = (await deployments.environments(repository)).filter((name) =>
    looksLikeProduction(name, []),
  );
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

/**
 * What runs in production and came through this gate. What ran before the gate was there, or went past it, was never
 * let through, and is told elsewhere.
 */
export async function runningPlaces(
  store: Pick<Store, "deployments">,
  repository: number,
): Promise<readonly RunningPlace[]> {
  const places: RunningPlace[] = [];
  for (const environment of await productionOf(store, repository)) {
    const rows = await store.deployments.inEnvironment(repository, environment, mostRows);
    const row = newestSuccess(rows.filter(isProvenSuccess));
    if (row !== null && row.gateAnswer === "approved") places.push({ row, rows });
  }
  return places;
}
