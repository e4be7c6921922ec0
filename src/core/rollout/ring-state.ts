import { newestTelling, promotionOf } from "#core/deployments/promotion.ts";
import { type Decision, holdsBack } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";

/**
 * Where a commit stands in one ring. `ahead`: nobody asked to deploy it there yet. `waits`: the gate holds it. `goes`:
 * let through, or on its way. `done`: it ran there as long as it has to.
 */
export const ringStates = [
  "ahead",
  "waits",
  "goes",
  "bakes",
  "done",
  "failed",
  "unhealthy",
  "rejected",
  "replaced",
  "rolled_back",
  "unproven",
] as const;
export type RingState = (typeof ringStates)[number];

/** States that do not change by themselves and so keep the following rings closed. */
export const closesNext = (state: RingState): boolean =>
  ["failed", "unhealthy", "rejected", "replaced", "rolled_back", "unproven"].includes(state);

/** States in which a roll back is advised. */
export const wantsRollback = (state: RingState): boolean =>
  state === "failed" || state === "unhealthy";

/** A rule that is not met, and what somebody can do about it. */
export interface UnmetRule {
  readonly name: string;
  readonly need: string;
  readonly next: string;
}

/** A rule that an override let through. */
export interface LetThrough {
  readonly rule: string;
  readonly override: string;
  readonly by: string;
  readonly reason: string;
}

/** What is known of a commit in one ring. Instants are epoch ms. */
export interface RingStanding {
  readonly state: RingState;
  readonly since: number | null;
  /** Until when it bakes; null: it does not. */
  readonly bakesUntil: number | null;
  /** The commit that replaced it. */
  readonly by: string | null;
  readonly row: DeploymentRow | null;
  readonly unmet: readonly UnmetRule[];
  readonly letThrough: readonly LetThrough[];
}

const newestOf = (rows: readonly DeploymentRow[], sha: string): DeploymentRow | null =>
  rows
    .filter((row) => row.sha === sha)
    .toSorted((a, b) => b.createdAt - a.createdAt || b.deploymentId - a.deploymentId)[0] ?? null;

const isHeld = (row: DeploymentRow): boolean =>
  row.gateRequestedAt !== null && row.gateAnsweredAt === null;

/** `bake`: how long it has to run here before what follows. `decision`: the gate's last word on it here. */
export function ringStanding(
  rows: readonly DeploymentRow[],
  sha: string,
  now: number,
  bake: number,
  decisionOf: (row: DeploymentRow) => Decision | null,
): RingStanding {
  const row = newestTelling(rows, sha, now) ?? newestOf(rows, sha);
  const nothing = { bakesUntil: null, by: null, row, unmet: [], letThrough: [] };
  if (row === null) return { ...nothing, state: "ahead", since: null };
  const decision = decisionOf(row);
  const letThrough = (decision?.rules ?? []).flatMap(({ name, overridden }) =>
    overridden === undefined
      ? []
      : [
          {
            rule: name,
            override: overridden.name,
            by: overridden.by.login,
            reason: overridden.reason,
          },
        ],
  );
  const told = { ...nothing, letThrough };
  const unmet = (decision?.rules ?? []).filter(holdsBack).map(({ name, verdict }) => ({
    name,
    need: verdict.need === "" ? verdict.found : verdict.need,
    next: verdict.next,
  }));
  if (isHeld(row)) return { ...told, state: "waits", since: row.gateRequestedAt, unmet };
  if (row.gateAnswer === "rejected")
    return { ...told, state: "rejected", since: row.gateAnsweredAt, unmet };
  // Only this deployment counts, whatever became of earlier ones.
  const promotion = promotionOf(
    rows.filter((each) => each.sha !== sha || each === row),
    sha,
    now,
    { bake, within: null },
  );
  switch (promotion.kind) {
    case "never":
    case "running":
      return {
        ...told,
        state: "goes",
        since: row.startedAt ?? row.gateAnsweredAt ?? row.createdAt,
      };
    case "unproven":
      return { ...told, state: "unproven", since: row.succeededAt };
    case "failed":
      return {
        ...told,
        state: "failed",
        since: row.finishedAt ?? row.createdAt,
      };
    case "baking":
      return { ...told, state: "bakes", since: row.succeededAt, bakesUntil: promotion.until };
    case "replaced":
    case "rolled_back":
      return {
        ...told,
        state: promotion.kind,
        since: promotion.by.succeededAt,
        by: promotion.by.sha,
      };
    case "too_old":
    case "ready":
      return { ...told, state: "done", since: row.succeededAt };
  }
}
