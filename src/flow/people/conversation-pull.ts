import { conversation } from "#core/facts/deployed-contributors.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { lookUp } from "#core/model/fact.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import type { Deps } from "#flow/deps.ts";
import { conversationKey } from "#flow/in-force/people-values.ts";
import { judgedBy } from "#flow/judge/assess-deployment.ts";
import { subjectOf, waitingIn } from "#flow/judge/waiting-deployments.ts";
import type { Policies } from "#flow/policy/policies.ts";

/** The pull request whose merge commit, or head, the commit is; else the newest that goes out with it; null where there is none. */
export async function conversationPull(
  deps: Deps,
  policies: Policies,
  repository: RepositoryRecord,
  sha: string,
  range: readonly number[],
): Promise<number | null> {
  const { store } = deps;
  const known =
    (await store.records.getValue(conversationKey(repository.id, sha))) ??
    (await store.records.getValue(mergeOf(repository.id, sha)));
  if (known !== null) return Number(known);
  const open = (await store.records.openPullRequestsWithHead(repository.id, sha))[0];
  if (open !== undefined) return open.number;
  const waits = (await waitingIn(deps, repository.id)).find((row) => row.sha === sha);
  if (waits === undefined) return range.length === 0 ? null : Math.max(...range);
  const resolved = await policies.of(repository);
  const session = deps.facts.open(subjectOf(waits), repository, judgedBy(resolved));
  const read = lookUp(await session.read([conversation.need()]), conversation.need());
  if (read?.ok !== true) {
    if (read !== undefined && isTransient(read.code))
      throw new GatehouseError(read.code, read.message, { retryAt: read.retryAt });
    return range.length === 0 ? null : Math.max(...range);
  }
  if (read.value?.became === true)
    await store.records.setValue(mergeOf(repository.id, sha), String(read.value.number));
  return read.value?.number ?? null;
}
