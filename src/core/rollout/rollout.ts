import type { Decision } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { turnedUnhealthy } from "#core/rules/promoted-from/unhealthy.ts";
import type { Ring } from "./order.ts";
import { closesNext, ringStanding, type RingStanding } from "./ring-state.ts";

/** The earlier ring that keeps a ring closed. */
export interface ClosedBy {
  readonly environment: string;
  readonly state: RingStanding["state"];
  readonly since: number | null;
}

export interface RolloutRing extends RingStanding {
  readonly environment: string;
  readonly after: readonly string[];
  /** null: no ring before it closes it. */
  readonly closedBy: ClosedBy | null;
}

/** One commit on its way through the rings of an order. */
export interface Rollout {
  readonly sha: string;
  readonly rings: readonly RolloutRing[];
  /** When a bake ends first (epoch ms); null: none is under way. */
  readonly changesAt: number | null;
}

/** Deployments and the gate's newest decisions. */
export interface RolloutFacts {
  readonly rowsIn: (environment: string) => readonly DeploymentRow[];
  readonly decisionOf: (row: DeploymentRow) => Decision | null;
}

/** The longest bake that any ring behind asks for. */
const bakeIn = (order: readonly Ring[], environment: string): number =>
  Math.max(
    0,
    ...order.flatMap(({ after }) =>
      after.filter(({ from }) => from === environment).map(({ bake }) => bake),
    ),
  );

/** Whether it was held at a ring behind because this one turned unhealthy while it baked there. */
const isUnhealthy = (
  order: readonly Ring[],
  environment: string,
  sha: string,
  standings: ReadonlyMap<string, RingStanding>,
): boolean =>
  order
    .filter(({ after }) => after.some(({ from }) => from === environment))
    .some(({ environment: behind }) =>
      standings
        .get(behind)
        ?.unmet.some(({ need }) => need.includes(turnedUnhealthy(environment, sha))),
    );

/** Where a commit stands in every ring of an order. A function of its input and nothing else. */
export function rolloutOf(
  order: readonly Ring[],
  sha: string,
  now: number,
  { rowsIn, decisionOf }: RolloutFacts,
): Rollout {
  const standings = new Map(
    order.map(({ environment }) => [
      environment,
      ringStanding(rowsIn(environment), sha, now, bakeIn(order, environment), decisionOf),
    ]),
  );
  const states = new Map(
    [...standings].map(([environment, standing]): [string, RingStanding] => [
      environment,
      (standing.state === "done" || standing.state === "bakes") &&
      isUnhealthy(order, environment, sha, standings)
        ? { ...standing, state: "unhealthy" }
        : standing,
    ]),
  );
  const rings: RolloutRing[] = [];
  for (const { environment, after } of order) {
    const standing = states.get(environment);
    if (standing === undefined) continue;
    const isShut = standing.state === "ahead" || standing.state === "waits";
    const before = after.flatMap(({ from }): readonly ClosedBy[] => {
      const ring = rings.find((each) => each.environment === from);
      if (ring === undefined) return [];
      if (closesNext(ring.state))
        return [{ environment: from, state: ring.state, since: ring.since }];
      return ring.closedBy === null ? [] : [ring.closedBy];
    });
    rings.push({
      ...standing,
      environment,
      after: after.map(({ from }) => from),
      closedBy: isShut ? (before[0] ?? null) : null,
    });
  }
  const ends = rings.flatMap(({ bakesUntil }) => bakesUntil ?? []);
  return { sha, rings, changesAt: ends.length === 0 ? null : Math.min(...ends) };
}

/** Whether anything of the commit is in any ring. */
export const hasBegun = ({ rings }: Rollout): boolean => rings.some(({ row }) => row !== null);
