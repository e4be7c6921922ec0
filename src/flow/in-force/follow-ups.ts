import type { Decision, RuleOutcome } from "#core/model/decision.ts";
import type { OverrideRequest } from "#core/overrides/grant.ts";
import { reviewDueAt, reviewKey } from "#core/overrides/review-due.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { pullRequestKey } from "#core/model/subject.ts";
import { decisionId } from "#core/record/decision-address.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { reviewTitle, reviewBody } from "#core/render/review.ts";
import type { Deps } from "#flow/deps.ts";
import { openReviewJob } from "#flow/jobs/review-jobs.ts";
import type { JudgedPullRequest } from "./judged-pull-request.ts";
import { labelItems } from "./label-items.ts";
import type { PeopleInForce } from "./people-in-force.ts";
import { unusedReviewItems } from "./unused-reviews.ts";

/** Reviews that granted overrides owe and nobody has asked for yet. */
export async function owedReviews(
  deps: Deps,
  repository: RepositoryRecord,
  number: number,
  requests: readonly OverrideRequest[],
  verdicts: readonly RuleOutcome[],
  now: number,
): Promise<readonly WorkItem[]> {
  const owed: WorkItem[] = [];
  for (const { state, definition, act } of requests) {
    if (state.kind !== "granted" || definition === null) continue;
    const dueAt = reviewDueAt(state.override, definition);
    const review = definition.post_review;
    if (
      dueAt === null ||
      review === undefined ||
      (await deps.store.tickets.row(repository.id, reviewKey(act.id))) !== null
    )
      continue;
    const about = act.pullRequest ?? number;
    owed.push(
      openReviewJob.item(
        {
          repository: repository.id,
          key: reviewKey(act.id),
          title: reviewTitle(state.override, about),
          body: reviewBody(state.override, {
            owner: repository.owner,
            number: about,
            review,
            dueAt,
            verdicts,
          }),
          assignees: [...(review.users ?? [])],
          dueAt,
          detail: {
            override: definition.name,
            act: act.id,
            pullRequest: about,
            sha: state.override.sha,
          },
          onceApproved: null,
          decision: decisionId({
            subjectKey: pullRequestKey(repository.id, about),
            headSha: state.override.sha,
          }),
        },
        now,
      ),
    );
  }
  return owed;
}

/** What has to follow from it: labels to look at, reviews that are owed, reviews of what was never used. */
export async function peopleFollowUps(
  deps: Deps,
  policy: EffectivePolicy,
  repository: RepositoryRecord,
  judged: JudgedPullRequest,
  people: PeopleInForce,
  decision: Decision | null,
): Promise<readonly WorkItem[]> {
  const labels =
    judged.labels === null
      ? []
      : await labelItems(
          deps,
          policy,
          judged.repository,
          judged.number,
          judged.headSha,
          judged.labels,
          people.labelsAdded,
        );
  if (people.requests.length === 0) return labels;
  const owed = await owedReviews(
    deps,
    repository,
    judged.number,
    people.requests,
    decision?.rules ?? [],
    judged.now,
  );
  return [...labels, ...owed, ...(await unusedReviewItems(deps, judged, people.requests))];
}
