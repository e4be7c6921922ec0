import type { JudgedPullRequest } from "./judged-pull-request.ts";
import type { AddedLabel } from "#core/facts/labels-added.ts";
import type { Act } from "#core/model/act.ts";
import { mergedInOrder } from "#core/model/order-said.ts";
import type { Decision, Hold, RuleOutcome } from "#core/model/decision.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import { overridesAtWork } from "#core/overrides/apply.ts";
import { grantedOverrides, overrideRequests, type OverrideRequest } from "#core/overrides/grant.ts";
import { holdsInForce, labelsUntold } from "#core/overrides/holds.ts";
import { askedIn } from "#core/overrides/request.ts";
import { reviewDueAt, reviewKey } from "#core/overrides/review-due.ts";
import type { Override } from "#core/model/override.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { Premise } from "#core/ports/ledger.ts";
import type { WorkItem } from "#core/ports/queue.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { reviewTitle, reviewBody } from "#core/render/review.ts";
import { mergeOf } from "#core/record/merge-key.ts";
import type { Deps } from "#flow/deps.ts";
import { labelItems } from "#flow/people/label-overrides.ts";
import { reviewItem } from "#flow/reviews/open-review.ts";
import { conversationKey } from "./people-values.ts";
import { unusedReviewItems } from "#flow/reviews/review-issues.ts";

/** What people did that decides about a pull request now. */
export interface PeopleInForce {
  readonly holds: readonly Hold[];
  readonly overrides: readonly Override[];
  readonly requests: readonly OverrideRequest[];
  /** How many acts there are: what the buttons of the check run are shown with. */
  readonly acts: number;
  /** Who put the labels on, where that was asked. */
  readonly labelsAdded: readonly AddedLabel[];
}

/** Holds and overrides of an open pull request, from what is recorded. */
export async function peopleInForce(
  deps: Deps,
  policy: EffectivePolicy,
  judged: JudgedPullRequest,
  /** null: what would have been decided is only shown, and not worth the call. */
  readLabels: (() => Promise<readonly AddedLabel[] | null>) | null,
): Promise<PeopleInForce> {
  const acts = await deps.store.acts.find({
    repository: judged.repository,
    pullRequest: judged.number,
  });
  const around = {
    definitions: policy.overrides,
    shas: [judged.headSha],
    now: judged.now,
    labels: judged.labels,
  };
  const first = overrideRequests(acts, around);
  // That the label stands proves nothing: who put it there, and when, is asked only where it would let something through.
  const isByLabel = first.some(
    ({ act, state }) => state.kind !== "over" && askedIn(act).label !== null,
  );
  const labelsAdded = isByLabel ? await readLabels?.() : undefined;
  const requests = isByLabel ? overrideRequests(acts, { ...around, labelsAdded }) : first;
  const holds = [
    ...holdsInForce(acts, judged.labels ?? []),
    ...(judged.labels === null ? [labelsUntold] : []),
  ];
  return {
    holds,
    overrides: grantedOverrides(requests),
    requests,
    acts: acts.length,
    labelsAdded: labelsAdded ?? [],
  };
}

/** Whether an override let another deployment of this commit to this environment through: it is for one (threat T53). */
function isUsedUp(rows: readonly DeploymentRow[], subject: DeploymentSubject, act: Act): boolean {
  const wasLetThrough = (row: DeploymentRow): boolean =>
    row.succeededAt !== null && (row.createdAt > act.at || (row.gateAnsweredAt ?? 0) >= act.at);
  return rows.some(
    (row) =>
      row.sha === subject.sha &&
      row.deploymentId !== subject.deploymentId &&
      sameEnvironment(row.environment, subject.environment) &&
      wasLetThrough(row),
  );
}

/**
 * The kept value that says which deployment an override let through: its subject's key. It is for one, whatever the
 * environment; what was asked for while nothing waited, too (threat T53).
 */
const usedFor = (act: string): string => `override-used:${act}`;

/** Requests that are for another deployment: asked for it, or used by it. */
async function forOthers(
  { store }: Deps,
  acts: readonly Act[],
  subject: DeploymentSubject,
  rows: readonly DeploymentRow[],
): Promise<ReadonlySet<string>> {
  const others = new Set<string>();
  for (const act of acts.filter(({ kind }) => kind === "override")) {
    const bound = askedIn(act).deployment ?? null;
    const user = await store.records.getValue(usedFor(act.id));
    const isAnothers =
      bound !== null &&
      (bound.id !== subject.deploymentId ||
        !sameEnvironment(bound.environment, subject.environment));
    if (
      isAnothers ||
      (user !== null && user !== subjectKey(subject)) ||
      isUsedUp(rows, subject, act)
    )
      others.add(act.id);
  }
  return others;
}

/** What an approval takes for itself in the transaction that records it, so that no override lets two through. */
export async function overridesTaken(
  { store }: Deps,
  subject: DeploymentSubject,
  decision: Decision | null,
): Promise<readonly Premise[]> {
  const taken: Premise[] = [];
  for (const { id, name } of decision === null ? [] : overridesAtWork(decision)) {
    if (name === "rollback") continue;
    const key = usedFor(id);
    const to = subjectKey(subject);
    const from = await store.records.getValue(key);
    taken.push({ kind: "value", key, from: from === to ? to : null, to });
  }
  return taken;
}

/** Pull requests of the repository that are on hold, as far as people said it. */
async function onHold({ store }: Deps, repository: number): Promise<readonly number[]> {
  const said = await store.acts.find({ repository, kinds: ["hold", "unhold"] });
  return [...new Set(said.map(({ pullRequest }) => pullRequest))].filter(
    (each): each is number =>
      each !== null &&
      holdsInForce(
        said.filter(({ pullRequest }) => pullRequest === each),
        [],
      ).length > 0,
  );
}

/**
 * Those of the pull requests on hold that the commit is of: a rebase makes one commit of each of theirs, a merge may
 * not have been heard of, and a commit may go out before it is merged. GitHub is asked only where some are on hold. What
 * a merged pull request brought is not that of an open one which merely holds it, too.
 */
async function heldWith(
  deps: Deps,
  repository: number,
  sha: string,
  known: number | null,
): Promise<readonly number[]> {
  const held = (await onHold(deps, repository)).filter((number) => number !== known);
  const { records } = deps.store;
  const record = held.length === 0 ? null : await records.repository(repository);
  if (record === null) return [];
  const pulls = await deps.github.pullRequestsOfCommit(record, sha);
  const isMerged = pulls.some(({ mergeSha }) => mergeSha !== null);
  const found = pulls.filter(
    ({ number, mergeSha, headSha }) =>
      held.includes(number) && (mergeSha !== null || headSha === sha || !isMerged),
  );
  for (const { number, mergeSha } of found)
    if (mergeSha === sha) await records.setValue(mergeOf(repository, sha), String(number));
  return found.map(({ number }) => number);
}

/**
 * What decides about a deployment: holds of the pull request that became its commit, and overrides that carry over to
 * the commit from there, or were asked for after the merge.
 */
export async function peopleAtDeployment(
  deps: Deps,
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  now: number,
): Promise<Pick<PeopleInForce, "holds" | "overrides" | "requests">> {
  const { acts, records, deployments } = deps.store;
  const { repository, sha } = subject;
  const conversation =
    (await records.getValue(mergeOf(repository, sha))) ??
    (await records.getValue(conversationKey(repository, sha)));
  const known =
    conversation === null
      ? ((await records.openPullRequestsWithHead(repository, sha))[0]?.number ?? null)
      : Number(conversation);
  const held = await heldWith(deps, repository, sha, known);
  const number = known ?? held[0] ?? null;
  const bound = await acts.find({ repository, sha });
  const ofPull = number === null ? [] : await acts.find({ repository, pullRequest: number });
  const ofHeld = await Promise.all(
    held
      .filter((each) => each !== number)
      .map((pullRequest) => acts.find({ repository, pullRequest })),
  );
  const all = mergedInOrder(ofPull, bound);
  const head =
    number === null ? null : ((await records.pullRequest(repository, number))?.headSha ?? null);
  const rows = all.some((act) => act.kind === "override")
    ? await deployments.ofSha(repository, sha)
    : [];
  const others = await forOthers(deps, all, subject, rows);
  const requests = overrideRequests(all, {
    definitions: policy.overrides,
    shas: head === null ? [sha] : [sha, head],
    now,
    labels: null,
    isUsed: (act) => others.has(act.id),
  });
  return {
    holds: [ofPull, ...ofHeld].flatMap((each) => holdsInForce(each, [])),
    overrides: grantedOverrides(requests).map((override) => ({ ...override, sha })),
    requests,
  };
}

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
      reviewItem(
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
