import { looksLikeProduction } from "#core/decide/governed.ts";
import { newestSuccess } from "#core/deployments/newest-success.ts";
import { ranThere } from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Store } from "#core/ports/store.ts";
import { rowsOfEnvironments } from "#flow/in-force/rows-of-environment.ts";

/** What runs in one environment. */
export interface RunningPlace {
  readonly row: DeploymentRow;
  /** What is known of the environment, newest first. */
  readonly rows: readonly DeploymentRow[];
}

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

/** What runs in production, as far as it is known. */
export interface Running {
  /**
   * What came through this gate. What ran before the gate was there, or went past it, was never let through, and is
   * told elsewhere.
   */
  readonly places: readonly RunningPlace[];
  /** Environments of which nothing proves what runs there. */
  readonly unknown: readonly string[];
}

/** A failure that anybody reports of what runs takes nothing away from its running there. */
export async function readRunningPlaces(
  store: Pick<Store, "deployments" | "records" | "acts">,
  repository: number,
  policy: EffectivePolicy,
): Promise<Running> {
  const rowsIn = await rowsOfEnvironments(store, repository, policy);
  const places: RunningPlace[] = [];
  const unknown: string[] = [];
  for (const environment of await productionOf(store, repository)) {
    const rows = await rowsIn(environment);
    const row = newestSuccess(rows.filter(ranThere));
    if (row === null) unknown.push(environment);
    else if (row.gateAnswer === "approved") places.push({ row, rows });
  }
  return { places, unknown };
}
