import { judgesEnvironment } from "#core/decide/governed.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { bypassId, markUnproven } from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Store } from "#core/ports/store.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";

/** `also`: rows that are to be among them, however old they are. */
export type RowsIn = (
  environment: string,
  also?: readonly DeploymentRow[],
) => Promise<readonly DeploymentRow[]>;

/**
 * The recorded deployments to a repository's environments, newest first, those that prove nothing marked; costs no
 * call. Deployments that ran or were let through are included even behind many that came to nothing. `policy`: null
 * where it is not known; every environment is then taken to be judged, so that only what was let through proves anything.
 */
export async function rowsOfEnvironments(
  { deployments, records, acts }: Pick<Store, "deployments" | "records" | "acts">,
  repository: number,
  policy: EffectivePolicy | null,
): Promise<RowsIn> {
  const since = await records.getValue(firstLookKey(repository));
  const bypasses = new Set(
    (await acts.find({ repository, kinds: ["bypass"] })).map(({ id }) => id),
  );
  return async (environment, also = []) => {
    const newest = await deployments.lookBack(repository, environment);
    const isThere = (row: DeploymentRow): boolean =>
      newest.some(({ deploymentId }) => deploymentId === row.deploymentId);
    const older = also.filter(
      (row) => sameEnvironment(row.environment, environment) && !isThere(row),
    );
    const rows =
      older.length === 0
        ? newest
        : [...newest, ...older].toSorted((a, b) => b.createdAt - a.createdAt);
    return markUnproven(rows, {
      firstLookAt: since === null ? null : Number(since),
      isBypass: (row) => bypasses.has(bypassId(row)),
      judges: (name) => policy === null || judgesEnvironment(policy, name),
    });
  };
}
