import type { Act } from "#core/model/act.ts";
import type { Event } from "#core/model/event.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { mergedOnto } from "#core/record/merge-key.ts";
import { pushedBody } from "#core/render/required-check.ts";
import { judgesPullRequests, keepsPushesOut } from "#core/required-check/state.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import { watchPushJob } from "#flow/jobs/repository-jobs.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { readRequiredCheck } from "#flow/policy/required-check-values.ts";
import { recordBypass, somebody } from "./record-bypass.ts";

/** A merge is a push, too: by then its own event has told of it. */
const afterMergeMs = 3_000;

/** A push to a branch whose rules require our check, as work. Costs no call: other branches may be pushed to. */
export async function pushItems(
  deps: Deps,
  event: Event,
  repository: RepositoryRecord,
): Promise<readonly WorkItem[]> {
  const { push, sender } = event;
  if (event.name !== "push" || push === null || push.deleted || !push.ref.startsWith("refs/heads/"))
    return [];
  const branch = push.ref.slice("refs/heads/".length);
  const required = await readRequiredCheck(deps.store.records, repository.id, branch);
  if (required === null || !keepsPushesOut(required)) return [];
  return [
    watchPushJob.item(
      { repository: repository.id, branch, sha: push.after, by: sender },
      deps.clock.now() + afterMergeMs,
    ),
  ];
}

/** Finds commits that came onto such a branch with no pull request: the person who pushed them went past the ruleset (threat T41). */
export function createPushWatch(deps: Deps, policies: Policies): HandlerOf<typeof watchPushJob> {
  const { store, github, clock } = deps;

  return async ({ payload: { branch, sha, by }, repository }) => {
    const { id } = repository;
    const resolved = await policies.of(repository);
    if (resolved.kind !== "effective" || !judgesPullRequests(resolved.policy)) return done;
    // Merged, but onto another branch, is not merged here: moving this one to it passes by its rules.
    const isMerged = (await store.records.getValue(mergedOnto(id, sha))) === branch;
    // GitHub calls a pull request merged also where somebody pushed a merge commit of their own.
    if (isMerged && !(await github.isMergeByHand(repository, sha))) return done;
    const brought = await github.pullRequestsOfCommit(repository, sha);
    const own = brought.filter(({ baseRef }) => baseRef === branch);
    if (own.some(({ headSha }) => headSha === sha)) return done;
    if (
      !isMerged &&
      own.some(({ mergeSha }) => mergeSha === sha) &&
      !(await github.isMergeByHand(repository, sha))
    )
      return done;
    const act: Act = {
      id: `push:${id}:${branch}:${sha}`,
      kind: "bypass",
      repository: id,
      pullRequest: null,
      environment: null,
      sha,
      name: "push",
      actor: by ?? somebody,
      at: clock.now(),
      expiresAt: null,
      reason: `pushed to ${branch} past its ruleset, with no pull request`,
      detail: { how: "pushed", branch },
    };
    // One open issue for each person and branch: a release bot that pushes all day asks for one review, not for fifty.
    const isAsked = (await store.tickets.open(id, "review")).some(
      ({ detail }) =>
        detail["bypass"] === "push" && detail["branch"] === branch && detail["by"] === act.actor.id,
    );
    const review = {
      title: `Review: @${act.actor.login} pushed to ${branch} past the gate`,
      body: (asked: Pick<Parameters<typeof pushedBody>[0], "review" | "dueAt">) =>
        pushedBody({ by, branch, sha, owner: repository.owner, ...asked }),
      detail: { bypass: "push", branch, by: act.actor.id, sha },
    };
    await recordBypass(deps, repository, {
      act,
      message: "a commit was pushed past the gate",
      policy: resolved.policy,
      review: isAsked ? null : review,
    });
    return done;
  };
}
