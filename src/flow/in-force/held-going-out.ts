import { deployedPullRequests, deployedRange } from "#core/facts/deployed-range.ts";
import { commitOrder } from "#core/facts/deployments.ts";
import { lookUp, type Need } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Deps } from "#flow/deps.ts";
import { valueOf } from "#flow/facts/value-of.ts";

/** If the deployed range cannot be read, it may contain something on hold, so the error is thrown. */
async function read<Value>(session: FactSession, need: Need<Value>): Promise<Value> {
  return valueOf(lookUp(await session.read([need]), need), `${need.describe}: not read`);
}

/**
 * The pull requests on hold that are deployed. If no ancestor of the commit is proven to have run there, all of its
 * history is new there, and each merged one is looked for in it.
 */
export async function heldGoingOut(
  github: Pick<Deps["github"], "pullRequest">,
  session: FactSession,
  repository: RepositoryRecord,
  held: readonly number[],
): Promise<readonly number[]> {
  const out = (await read(session, deployedPullRequests.need())).map(({ number }) => number);
  if ((await read(session, deployedRange.need())).since !== null)
    return held.filter((number) => out.includes(number));
  const goes: number[] = [];
  for (const number of held) {
    if (out.includes(number)) goes.push(number);
    else {
      const merge = (await github.pullRequest(repository, number))?.mergeSha ?? null;
      if (merge !== null && (await read(session, commitOrder.need(merge))).behind === 0)
        goes.push(number);
    }
  }
  return goes;
}
