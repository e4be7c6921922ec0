import { headRefOf } from "#core/events/push-chain.ts";
import { pullRequestKey } from "#core/model/subject.ts";
import type { PullRequestSeen } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { firstPushAt } from "#core/report/committed-at.ts";
import type { Change } from "#core/report/change.ts";
import { evidenceOf, isOfChange } from "#core/report/change-evidence.ts";
import { readDecision } from "#core/report/logged.ts";
import type { Deps } from "#flow/deps.ts";

type Reading = Pick<Deps, "store" | "clock">;

/** What the last decision on the pull request was made of, as far as it was read. */
async function lastEvidence({ store }: Reading, repository: number, number: number) {
  const [last] = await store.views.ofSubject(pullRequestKey(repository, number), { limit: 1 });
  const facts = last === undefined ? {} : (readDecision(last)?.facts ?? {});
  const wanted = Object.entries(facts).filter(([key]) => isOfChange(key));
  const texts = await store.inputs.read([...new Set(wanted.map(([, digest]) => digest))]);
  return evidenceOf(
    new Map(
      wanted.flatMap(([key, digest]) => {
        const text = texts.get(digest);
        return text === undefined ? [] : [[key, JSON.parse(text) as unknown] as const];
      }),
    ),
  );
}

/** When its commits first reached this repository: with its branch, or, of a fork, when it was opened. */
async function committedAt(
  { store }: Reading,
  repository: number,
  number: number,
  headSha: string,
): Promise<number | null> {
  const headRef = (await store.records.pullRequest(repository, number))?.headRef;
  const ofBranch =
    headRef === undefined ? [] : await store.pushes.ofRef(repository, `refs/heads/${headRef}`);
  return (
    firstPushAt(ofBranch, headSha) ??
    firstPushAt(await store.pushes.ofRef(repository, headRefOf(number)), headSha)
  );
}

/** Keeps what reports tell of a merged pull request, while it is known: pushes and inputs are not kept as long. */
export async function measureChange(
  deps: Reading,
  repository: RepositoryRecord,
  number: number,
  seen: PullRequestSeen & { readonly mergeSha: string },
): Promise<void> {
  const { store, clock } = deps;
  const change: Change = {
    number,
    sha: seen.mergeSha,
    baseRef: seen.baseRef,
    mergedAt: seen.mergedAt ?? clock.now(),
    committedAt: await committedAt(deps, repository.id, number, seen.headSha),
    author: seen.author?.login ?? null,
    mergedBy: seen.mergedBy?.login ?? null,
    ...(await lastEvidence(deps, repository.id, number)),
  };
  await store.measurements.note({
    repository: repository.id,
    kind: "change",
    key: String(number),
    at: change.mergedAt,
    detail: { ...change },
  });
}
