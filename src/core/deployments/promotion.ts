import type { DeploymentRow } from "#core/model/deployment.ts";
import { hasFailed, isProvenSuccess } from "./proof.ts";

/** Where a commit stands in the environment it is promoted from. `row`: its newest deployment there. */
export type Promotion =
  | { readonly kind: "never" }
  /** `unproven`: it was reported as a success, but this gate did not let it through. */
  | {
      readonly kind: "running" | "failed" | "too_old" | "ready" | "unproven";
      readonly row: DeploymentRow;
    }
  /** Bakes until (epoch ms). */
  | { readonly kind: "baking"; readonly row: DeploymentRow; readonly until: number }
  /** Another commit replaced it before it had baked, or an older one did (a roll back). */
  | {
      readonly kind: "replaced" | "rolled_back";
      readonly row: DeploymentRow;
      readonly by: DeploymentRow;
    };

export interface Proof {
  /** ms. */
  readonly bake: number;
  readonly within: number | null;
}

const newest = (rows: readonly DeploymentRow[]): DeploymentRow | undefined =>
  rows.reduce<DeploymentRow | undefined>(
    (best, row) =>
      best === undefined ||
      row.createdAt > best.createdAt ||
      (row.createdAt === best.createdAt && row.deploymentId > best.deploymentId)
        ? row
        : best,
    undefined,
  );

/**
 * Judges a commit by its newest deployment there, so that a redeployment restarts the bake and a failed one undoes
 * an earlier success. Only the time in which the commit ran counts: it ends when another commit replaces it.
 */
export function promotionOf(
  rows: readonly DeploymentRow[],
  sha: string,
  now: number,
  { bake, within }: Proof,
): Promotion {
  const own = rows.filter((each) => each.sha === sha);
  const row = newest(
    own.filter((each) => each.succeededAt === null || hasFailed(each) || isProvenSuccess(each)),
  );
  const said = newest(own);
  if (row === undefined)
    return said === undefined ? { kind: "never" } : { kind: "unproven", row: said };
  const { succeededAt } = row;
  if (hasFailed(row)) return { kind: "failed", row };
  if (succeededAt === null)
    return row.state === "inactive" ? { kind: "failed", row } : { kind: "running", row };

  const after = rows
    .filter(
      (each) => each.sha !== sha && each.succeededAt !== null && each.succeededAt > succeededAt,
    )
    .sort((a, b) => (a.succeededAt ?? 0) - (b.succeededAt ?? 0));
  const older = after.find((each) =>
    rows.some(
      (before) =>
        before.sha === each.sha && before.succeededAt !== null && before.succeededAt < succeededAt,
    ),
  );
  if (older !== undefined) return { kind: "rolled_back", row, by: older };
  const next = after[0];
  if (next !== undefined && (next.succeededAt ?? 0) - succeededAt < bake)
    return { kind: "replaced", row, by: next };
  if (now - succeededAt < bake) return { kind: "baking", row, until: succeededAt + bake };
  if (within !== null && now - succeededAt > within) return { kind: "too_old", row };
  return { kind: "ready", row };
}

/** The other commit that succeeded there last, after this one; null if this one still runs there. */
export const placeTakenBy = (
  rows: readonly DeploymentRow[],
  { sha, succeededAt }: DeploymentRow,
): DeploymentRow | null => {
  const last = rows.reduce<DeploymentRow | null>(
    (best, row) => ((row.succeededAt ?? 0) > (best?.succeededAt ?? succeededAt ?? 0) ? row : best),
    null,
  );
  return last === null || last.sha === sha ? null : last;
};
