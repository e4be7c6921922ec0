import type { Act } from "#core/model/act.ts";
import { lastWords, type DeploymentInstant } from "#core/deployments/approvals-in-force.ts";

/**
 * The /reject that ends a deployment that waits; null where there is none. It answers what waited when it was given:
 * the same commit asked for again later is judged anew.
 */
export function rejectionFor(
  acts: readonly Act[],
  place: DeploymentInstant & { readonly requestedAt: number },
): Act | null {
  return (
    lastWords(acts, place).findLast(
      (act) => act.kind === "reject" && act.at >= place.requestedAt,
    ) ?? null
  );
}
