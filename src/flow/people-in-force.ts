import type { Decision, Hold } from "../core/model/decision.ts";
import { grantedOverrides, overrideRequests, type OverrideRequest } from "../core/overrides/grant.ts";
import { holdsInForce } from "../core/overrides/holds.ts";
import { reviewDueAt, reviewKey } from "../core/overrides/review-due.ts";
import type { Override } from "../core/model/override.ts";
import type { EffectivePolicy } from "../core/policy/effective.ts";
import type { RepositoryRecord, WorkItem } from "../core/ports.ts";
import { reviewTitle, reviewBody } from "../core/render/review.ts";
import type { House } from "./house.ts";
import { labelItems } from "./label-overrides.ts";
import { reviewItem } from "./open-review.ts";
import { mergeOf } from "./people-values.ts";
import { unusedReviewItems } from "./review-issues.ts";

/** What people did that decides about a pull request now. */
export interface PeopleInForce {
  readonly holds: readonly Hold[];
  readonly overrides: readonly Override[];
  readonly requests: readonly OverrideRequest[];
  /** How many acts there are: what the buttons of the check run are shown with. */
  readonly acts: number;
}

export interface JudgedPullRequest {
  readonly repository: number;
  readonly number: number;
  readonly headSha: string;
  /** null: they could not be read. */
  readonly labels: readonly string[] | null;
  readonly now: number;
}

const noLabels: Hold = { by: "", reason: "the labels cannot be read, so nobody can say whether one of them holds it", at: 0, label: "" };

/** Holds and overrides of an open pull request, from what is recorded. */
export async function peopleInForce(house: House, policy: EffectivePolicy, judged: JudgedPullRequest): Promise<PeopleInForce> {
  const acts = await house.store.acts.find({ repository: judged.repository, pullRequest: judged.number });
  const requests = overrideRequests(acts, { definitions: policy.overrides, shas: [judged.headSha], now: judged.now, labels: judged.labels });
  const holds = [...holdsInForce(acts, judged.labels ?? []), ...(judged.labels === null ? [noLabels] : [])];
  return { holds, overrides: grantedOverrides(requests), requests, acts: acts.length };
}

/** Overrides that carry over to a commit of the base branch: those of the pull request that became it, and those asked for after the merge. */
export async function overridesOfCommit(house: House, policy: EffectivePolicy, repository: number, sha: string, now: number, isUsed: (override: { readonly sha: string; readonly at: number }) => boolean): Promise<readonly Override[]> {
  const { acts, records } = house.store;
  const number = await records.getValue(mergeOf(repository, sha));
  const bound = await acts.find({ repository, sha, kinds: ["override", "confirm", "override_cancel"] });
  const ofPull = number === null ? [] : await acts.find({ repository, pullRequest: Number(number), kinds: ["override", "confirm", "override_cancel"] });
  const all = [...new Map([...ofPull, ...bound].map((act) => [act.id, act])).values()].sort((a, b) => a.at - b.at);
  const head = number === null ? null : ((await records.pullRequest(repository, Number(number)))?.headSha ?? null);
  const requests = overrideRequests(all, { definitions: policy.overrides, shas: head === null ? [sha] : [sha, head], now, labels: null, isUsed: (act) => isUsed({ sha, at: act.at }) });
  return grantedOverrides(requests).map((override) => ({ ...override, sha }));
}

/** What has to follow from it: labels to look at, reviews that are owed, reviews of what was never used. */
export async function peopleFollowUps(house: House, policy: EffectivePolicy, repository: RepositoryRecord, judged: JudgedPullRequest, people: PeopleInForce, decision: Decision | null): Promise<readonly WorkItem[]> {
  const labels = judged.labels === null ? [] : await labelItems(house, policy, judged.repository, judged.number, judged.headSha, judged.labels);
  if (people.requests.length === 0) return labels;
  const owed: WorkItem[] = [];
  for (const { state, definition, act } of people.requests) {
    if (state.kind !== "granted" || definition === null) continue;
    const dueAt = reviewDueAt(state.override, definition);
    const review = definition.post_review;
    if (dueAt === null || review === undefined || (await house.store.tickets.row(judged.repository, reviewKey(act.id))) !== null) continue;
    owed.push(
      reviewItem(
        {
          repository: judged.repository,
          key: reviewKey(act.id),
          title: reviewTitle(state.override, judged.number),
          body: reviewBody(state.override, { owner: repository.owner, number: judged.number, review, dueAt, verdicts: decision?.rules ?? [] }),
          assignees: [...(review.users ?? [])],
          dueAt,
          detail: { override: definition.name, act: act.id, pullRequest: judged.number, sha: state.override.sha },
          onceApproved: null,
        },
        judged.now,
      ),
    );
  }
  return [...labels, ...owed, ...(await unusedReviewItems(house, judged, people.requests))];
}
