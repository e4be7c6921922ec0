import { judgesEnvironment } from "#core/decide/governed.ts";
import { bypassId, markUnproven } from "#core/deployments/proof.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Store } from "#core/ports/store.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";

/** Of older deployments than the newest only what ran, or was let through, matters. */
const lookedBack = 200;
const ranBack = 50;

/**
 * What the record knows of a repository's environments, newest first, with what proves nothing marked; without a
 * question to GitHub. What ran, and what was let through, is not lost behind many that came to nothing.
 */
export async function rowsOfEnvironments(
  { deployments, records, acts }: Pick<Store, "deployments" | "records" | "acts">,
  repository: number,
  policy: EffectivePolicy,
): Promise<(environment: string) => Promise<readonly DeploymentRow[]>> {
  const since = await records.getValue(firstLookKey(repository));
  const bypasses = new Set(
    (await acts.find({ repository, kinds: ["bypass"] })).map(({ id }) => id),
  );
  return async (environment) => {
    const read = await Promise.all([
      deployments.inEnvironment(repository, environment, lookedBack),
      deployments.inEnvironment(repository, environment, ranBack, "succeeded"),
      deployments.inEnvironment(repository, environment, ranBack, "approved"),
    ]);
    const rows = new Map(read.flat().map((row) => [`${row.deploymentId} ${row.environment}`, row]));
    return markUnproven(
      [...rows.values()].toSorted(
        (a, b) => b.createdAt - a.createdAt || b.deploymentId - a.deploymentId,
      ),
      {
        firstLookAt: since === null ? null : Number(since),
        isBypass: (row) => bypasses.has(bypassId(row)),
        judges: (name) => judgesEnvironment(policy, name),
      },
    );
  };
}
