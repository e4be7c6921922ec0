import { newestSuccess } from "#core/deployments/newest-success.ts";
import { ranThere } from "#core/deployments/proof.ts";
import type { Event } from "#core/model/event.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import { rolloutPath } from "#core/record/repository-address.ts";
import { rolloutSection } from "#core/render/rollout.ts";
import { isRing } from "#core/rollout/order.ts";
import type { Deps } from "#flow/deps.ts";
import { conversationKey } from "#flow/in-force/people-values.ts";
import { rowsOfEnvironments } from "#flow/in-force/rows-of-environment.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { type rolloutJob, rolloutItem } from "#flow/jobs/deployment-jobs.ts";
import { done } from "#flow/jobs/outcome.ts";
import { conversationPull } from "#flow/people/conversation-pull.ts";
import type { Policies } from "#flow/policy/policies.ts";
import type { SummaryComment } from "#flow/publish/summary-comment.ts";
import { readRollouts } from "./read-rollout.ts";

/** Says on the pull request that brought a commit where it stands in its rings, in one comment that is edited in place. */
export function createRolloutComment(
  deps: Deps,
  policies: Policies,
  summary: SummaryComment,
): HandlerOf<typeof rolloutJob> {
  const { store, pagesAt } = deps;
  return async ({ lease, payload: { sha }, repository }) => {
    const resolved = await policies.of(repository);
    if (resolved.kind !== "effective") return done;
    const told = await readRollouts(deps, repository, resolved.policy, sha, "here");
    if (told.length === 0) return done;
    // A commit that no pull request brought has its page alone: GitHub is not asked for one again.
    const aloneKey = `rollout-alone:${repository.id}:${sha}`;
    if ((await store.records.getValue(aloneKey)) !== null) return done;
    // Let through at once, and the merge perhaps not heard of yet: then GitHub knows what the commit came from.
    const number =
      (await conversationPull(deps, policies, repository, sha, [])) ??
      (await deps.github.pullRequestsOfCommit(repository, sha)).find(
        ({ mergeSha }) => mergeSha === sha,
      )?.number ??
      null;
    if (number === null) {
      await store.records.setValue(aloneKey, "1");
      return done;
    }
    await store.records.setValue(conversationKey(repository.id, sha), String(number));
    const page =
      pagesAt === null
        ? undefined
        : `${pagesAt()}${rolloutPath(`${repository.owner}/${repository.name}`, sha)}`;
    await summary.update(lease, repository, number, [
      {
        name: `rollout:${sha.slice(0, 12)}`,
        text: told.map(({ rollout, rings }) => rolloutSection(rollout, rings, page)).join("\n\n"),
      },
    ]);
    const ends = told.flatMap(({ rollout }) => rollout.changesAt ?? []);
    return { kind: "done", wakeAt: ends.length === 0 ? null : Math.min(...ends) };
  };
}

/** Marks rollouts that an event may have moved; to be asked after routing, which keeps what the event says. Costs no call to GitHub. */
export function createRolloutWatch(
  { store, clock }: Pick<Deps, "store" | "clock">,
  policies: Pick<Policies, "known">,
): (event: Event) => Promise<readonly WorkItem[]> {
  return async ({ name, repository: seen, deployment }) => {
    if (!name.startsWith("deployment_status") || seen === null || deployment === null) return [];
    const { environment, sha, status } = deployment;
    if (sha === null) return [];
    const repository = await store.records.repository(seen.id);
    if (repository === null || !repository.active || repository.archived) return [];
    const known = await policies.known(repository);
    if (known !== null && (known.kind !== "effective" || !isRing(known.policy, environment)))
      return [];
    const now = clock.now();
    // Nobody knows whether the environment is a ring; if it is none, nothing is worth waiting for.
    const itemOf = (each: string): WorkItem => ({
      ...rolloutItem(repository.id, each, now),
      ...(known === null ? { runAt: now } : {}),
    });
    if (status?.state !== "success") return [itemOf(sha)];
    // What ran there until now was replaced, or rolled back.
    const rows = await rowsOfEnvironments(store, repository.id, known?.policy ?? null);
    const before = newestSuccess(
      (await rows(environment)).filter((row) => row.sha !== sha && ranThere(row)),
    );
    return [sha, ...(before === null ? [] : [before.sha])].map(itemOf);
  };
}
