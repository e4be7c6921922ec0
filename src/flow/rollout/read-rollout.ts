import { rollbackLane } from "#core/commands/rollback-lane.ts";
import { judgesEnvironment } from "#core/decide/governed.ts";
import { bypassId, markUnproven } from "#core/deployments/proof.ts";
import type { Decision } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey } from "#core/model/subject.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { firstLookKey } from "#core/record/first-look-key.ts";
import { rollbackWords } from "#core/render/rollback-lane.ts";
import { ringWords, type RingWords } from "#core/render/rollout.ts";
import { ringOrders } from "#core/rollout/order.ts";
import { wantsRollback } from "#core/rollout/ring-state.ts";
import { hasBegun, rolloutOf, type Rollout } from "#core/rollout/rollout.ts";
import type { Deps } from "#flow/deps.ts";
import { subjectOf } from "#flow/judge/waiting-deployments.ts";

/** A rollout and its words, ring by ring. */
export interface ToldRollout {
  readonly rollout: Rollout;
  readonly rings: readonly RingWords[];
}

const mostRows = 200;

type Reading = Pick<Deps, "store" | "clock">;

/** What is known of an environment, with what proves nothing marked: from the record, without a question to GitHub. */
async function rowsOf(
  { store }: Reading,
  repository: RepositoryRecord,
  policy: EffectivePolicy,
): Promise<(environment: string) => Promise<readonly DeploymentRow[]>> {
  const since = await store.records.getValue(firstLookKey(repository.id));
  const bypasses = new Set(
    (await store.acts.find({ repository: repository.id, kinds: ["bypass"] })).map(({ id }) => id),
  );
  return async (environment) =>
    markUnproven(await store.deployments.inEnvironment(repository.id, environment, mostRows), {
      firstLookAt: since === null ? null : Number(since),
      isBypass: (row) => bypasses.has(bypassId(row)),
      judges: (name) => judgesEnvironment(policy, name),
    });
}

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
  const read = await rowsOf(deps, repository, policy);
  for (const order of ringOrders(policy, await store.deployments.environments(repository.id))) {
    const rows = new Map<string, readonly DeploymentRow[]>();
    const decisions = new Map<DeploymentRow, Decision>();
    for (const { environment } of order) {
      const here = await read(environment);
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
