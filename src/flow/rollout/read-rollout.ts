import { rollbackLane } from "#core/commands/rollback-lane.ts";
import type { Decision } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { rollbackWords } from "#core/render/rollback-lane.ts";
import { ringWords, type RingWords } from "#core/render/rollout.ts";
import { ringOrders } from "#core/rollout/order.ts";
import { wantsRollback } from "#core/rollout/ring-state.ts";
import { hasBegun, rolloutOf, type Rollout } from "#core/rollout/rollout.ts";
import type { Deps } from "#flow/deps.ts";
import { rowsOfEnvironments } from "#flow/in-force/rows-of-environment.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";

/** A rollout and its description, ring by ring. */
export interface ToldRollout {
  readonly rollout: Rollout;
  readonly rings: readonly RingWords[];
}

type Reading = Pick<Deps, "store" | "clock">;

/** Where a commit stands in the rings of the policy's orders; none: it is in no ring. `saidOn`: where commands are to be said. */
export async function readRollouts(
  deps: Reading,
  repository: RepositoryRecord,
  policy: EffectivePolicy,
  sha: string,
  saidOn: string,
): Promise<readonly ToldRollout[]> {
  const { store, clock } = deps;
  const found: ToldRollout[] = [];
  const own = await store.deployments.ofSha(repository.id, sha);
  const read = await rowsOfEnvironments(store, repository.id, policy);
  for (const order of ringOrders(policy, await store.deployments.environments(repository.id))) {
    const rows = new Map<string, readonly DeploymentRow[]>();
    const decisions = new Map<DeploymentRow, Decision>();
    for (const { environment } of order) {
      const here = await read(environment, own);
      rows.set(environment, here);
      for (const row of here) {
        const last =
          row.sha === sha ? await store.records.lastDecision(subjectKey(subjectOf(row))) : null;
        if (last !== null) decisions.set(row, last.decision);
      }
    }
    const rollout = rolloutOf(order, sha, clock.now(), {
      rowsIn: (environment) => rows.get(environment) ?? [],
      decisionOf: (row) => decisions.get(row) ?? null,
    });
    if (!hasBegun(rollout)) continue;
    found.push({
      rollout,
      rings: rollout.rings.map((ring) => {
        const lane =
          ring.row !== null && wantsRollback(ring.state)
            ? rollbackLane(
                policy,
                repository.owner,
                ring.row,
                rows.get(ring.environment) ?? [],
                `${ring.environment} ${ring.state}`,
              )
            : null;
        return ringWords(
          rollout,
          ring,
          lane === null ? null : rollbackWords(lane, saidOn, (text) => text),
        );
      }),
    });
  }
  return found;
}
