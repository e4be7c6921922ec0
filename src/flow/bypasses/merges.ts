import { pullRequestKey } from "#core/model/subject.ts";
import type { Act } from "#core/model/act.ts";
import type { Actors } from "#core/model/actor.ts";
import type { Decision } from "#core/model/decision.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { PullRequestSeen } from "#core/ports/github.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { decisionId } from "#core/record/decision-address.ts";
import { mergedOnto, mergedOntoDefault, mergeOf } from "#core/record/merge-key.ts";
import { wordOnMerge } from "#core/record/word-on-merge.ts";
import { renderDecision, unmetRules } from "#core/render/decision.ts";
import { bypassBody } from "#core/render/review.ts";
import type { Deps } from "#flow/deps.ts";
import type { HandlerOf } from "#flow/jobs/define-job.ts";
import { done } from "#flow/jobs/outcome.ts";
import type { mergedJob } from "#flow/jobs/pull-request-jobs.ts";
import { requiredCheckJob } from "#flow/jobs/repository-jobs.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { measureChange } from "./measure-change.ts";
import { recordBypass, somebody } from "./record-bypass.ts";

/** What stood in the way of the merge; null: the gate had allowed this very head onto this very base. */
function wayPast(
  last: DecisionRecord | null,
  { headSha, baseRef }: Pick<PullRequestSeen, "headSha" | "baseRef">,
): {
  readonly title: string;
  readonly unmet: readonly string[];
  readonly decision: Decision["kind"] | "none";
} | null {
  const word = wordOnMerge(last, { headSha, baseRef });
  if (word.kind === "unjudged")
    return { title: "the gate had not judged this commit", unmet: [], decision: "none" };
  if (word.kind === "other_base")
    return {
      title: `the gate had judged it for ${word.baseRef}, and it was merged into ${baseRef}`,
      unmet: [],
      decision: "none",
    };
  if (word.kind === "as_draft")
    return {
      title: "the gate had judged it as a draft, and no rule for what is ready had looked at it",
      unmet: [],
      decision: "none",
    };
  const { decision } = word;
  if (decision.kind === "allow") return null;
  return {
    title: renderDecision(decision).title,
    unmet: [
      ...decision.holds.map(
        (hold) =>
          `on hold${hold.by === "" ? "" : ` by @${hold.by}`}${hold.reason === "" ? "" : `: ${hold.reason}`}`,
      ),
      ...unmetRules(decision).map(
        (rule) => `${rule.name}: ${rule.verdict.kind}, ${rule.verdict.found}`,
      ),
    ],
    decision: decision.kind,
  };
}

/** Looks at what was merged: remembers what became of the pull request, and whether it went past the gate (threat T41). */
export function createMerges(deps: Deps, policies: Policies): HandlerOf<typeof mergedJob> {
  const { store, clock, github } = deps;

  async function pastTheGate(
    repository: RepositoryRecord,
    number: number,
    seen: PullRequestSeen & { readonly mergeSha: string },
    policy: EffectivePolicy,
    past: NonNullable<ReturnType<typeof wayPast>>,
  ): Promise<void> {
    const { mergeSha: sha, mergedBy } = seen;
    const act: Act = {
      id: `merge:${repository.id}:${number}`,
      kind: "bypass",
      repository: repository.id,
      pullRequest: number,
      environment: null,
      sha,
      name: "merge",
      actor: mergedBy ?? somebody,
      at: clock.now(),
      expiresAt: null,
      reason: past.title,
      detail: {
        how: "merged",
        head: seen.headSha,
        decision: past.decision,
        unmet: past.unmet.slice(0, 50),
      },
    };
    const body = (asked: { readonly review: Actors; readonly dueAt: number }): string =>
      bypassBody({
        number,
        by: mergedBy,
        sha,
        title: past.title,
        unmet: past.unmet,
        owner: repository.owner,
        ...asked,
      });
    const review = {
      title: `Review: #${number} was merged past the gate`,
      body,
      detail: { bypass: "merge", pullRequest: number, sha },
      decision: decisionId({
        subjectKey: pullRequestKey(repository.id, number),
        headSha: seen.headSha,
      }),
    };
    await recordBypass(deps, repository, {
      act,
      message: "a pull request was merged past the gate",
      policy,
      review,
    });
    // Perhaps nothing made the merge wait: that is looked at, too.
    await store.queue.mark([requiredCheckJob.item({ repository: repository.id }, clock.now())]);
  }

  return async ({ payload: { number }, repository }) => {
    const { id } = repository;
    const resolved = await policies.of(repository);
    if (resolved.kind === "ungoverned") return done;
    const seen = await github.pullRequest(repository, number);
    if (seen === null || seen.state !== "merged" || seen.mergeSha === null) return done;
    await store.records.setValue(mergeOf(id, seen.mergeSha), String(number));
    await store.records.setValue(mergedOnto(id, seen.mergeSha), seen.baseRef);
    if (seen.baseRef === repository.defaultBranch)
      await store.records.setValue(mergedOntoDefault(id, number), seen.baseRef);
    await measureChange(deps, repository, number, { ...seen, mergeSha: seen.mergeSha });
    const past = wayPast(await store.records.lastDecision(pullRequestKey(id, number)), seen);
    if (past !== null && resolved.kind === "effective")
      await pastTheGate(
        repository,
        number,
        { ...seen, mergeSha: seen.mergeSha },
        resolved.policy,
        past,
      );
    return done;
  };
}
