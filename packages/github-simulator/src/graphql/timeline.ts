import { pullRange } from "../world/diffs.ts";
import type { Issue, TimelineEvent } from "../world/issues.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId } from "../render/account.ts";
import { connection } from "./connection.ts";
import { shapeOrNull, type Args, type Gql, type Shape } from "./context.ts";

/** REST word of a timeline line → GraphQL type. Lines that GraphQL has no type for are left out. */
const types: Readonly<Record<string, string>> = {
  labeled: "LabeledEvent",
  unlabeled: "UnlabeledEvent",
  head_ref_force_pushed: "HeadRefForcePushedEvent",
  base_ref_changed: "BaseRefChangedEvent",
  base_ref_force_pushed: "BaseRefForcePushedEvent",
  base_ref_deleted: "BaseRefDeletedEvent",
  automatic_base_change_succeeded: "AutomaticBaseChangeSucceededEvent",
  closed: "ClosedEvent",
  reopened: "ReopenedEvent",
  merged: "MergedEvent",
  renamed: "RenamedTitleEvent",
  review_dismissed: "ReviewDismissedEvent",
  convert_to_draft: "ConvertToDraftEvent",
  ready_for_review: "ReadyForReviewEvent",
  added_to_merge_queue: "AddedToMergeQueueEvent",
  removed_from_merge_queue: "RemovedFromMergeQueueEvent",
};

/** `LabeledEvent` → `LABELED_EVENT`. */
function itemType(type: string): string {
  return type.replaceAll(/(?<!^)([A-Z])/g, "_$1").toUpperCase();
}

function eventShape(
  g: Gql,
  repo: Repo,
  pull: Pull,
  issue: Issue,
  event: TimelineEvent,
  type: string,
): Shape {
  const commit = (sha: string | undefined): Shape | null =>
    shapeOrNull(sha === undefined ? null : g.world.git.commits.get(sha), (one) =>
      g.shapes.commit(g, repo, one),
    );
  const self = (): Shape => g.shapes.pull(g, repo, pull, issue);
  const review = pull.reviews.find((one) => one.id === event.reviewId);
  return {
    __typename: type,
    id: nodeId(type, repo.id, event.id),
    databaseId: event.id,
    createdAt: iso(event.createdAt),
    actor: () => g.shapes.actor(g, event.actorId),
    pullRequest: self,
    label: () => shapeOrNull(event.label, (one) => g.shapes.label(g, repo, one)),
    labelable: self,
    closable: self,
    subject: self,
    beforeCommit: () => commit(event.before),
    afterCommit: () => commit(event.after),
    commit: () => commit(event.commitSha),
    ref: null,
    closer: null,
    mergeQueue: null,
    reason: null,
    previousRefName: event.previousBase ?? "",
    currentRefName: event.currentBase ?? "",
    oldBase: event.previousBase ?? "",
    newBase: event.currentBase ?? "",
    mergeRefName: pull.baseRef,
    baseRefName: pull.baseRef,
    previousTitle: event.rename?.from ?? "",
    currentTitle: event.rename?.to ?? "",
    dismissalMessage: event.dismissalMessage ?? null,
    previousReviewState: "APPROVED",
    review: () => shapeOrNull(review, (one) => g.shapes.review(g, repo, pull, issue, one)),
    enqueuer: () => g.shapes.actor(g, event.actorId),
    stateReason: null,
  };
}

interface Item {
  readonly at: number;
  readonly type: string;
  readonly show: () => Shape;
}

function items(g: Gql, repo: Repo, pull: Pull, issue: Issue): Item[] {
  const list: Item[] = [];
  for (const event of issue.timeline) {
    const type = types[event.event];
    if (type !== undefined)
      list.push({
        at: event.createdAt,
        type,
        show: () => eventShape(g, repo, pull, issue, event, type),
      });
  }
  for (const one of issue.comments)
    list.push({
      at: one.createdAt,
      type: "IssueComment",
      show: () => g.shapes.comment(g, repo, issue, one),
    });
  for (const one of pull.reviews) {
    if (one.submittedAt !== null)
      list.push({
        at: one.submittedAt,
        type: "PullRequestReview",
        show: () => g.shapes.review(g, repo, pull, issue, one),
      });
  }
  for (const one of pullRange(g.world, repo, pull).commits) {
    list.push({
      at: one.committer.date,
      type: "PullRequestCommit",
      show: () => ({
        __typename: "PullRequestCommit",
        id: nodeId("PullRequestCommit", repo.id, pull.number, one.sha),
        commit: () => g.shapes.commit(g, repo, one),
        pullRequest: () => g.shapes.pull(g, repo, pull, issue),
      }),
    });
  }
  return list.sort((a, b) => a.at - b.at);
}

export function timelineItems(g: Gql, repo: Repo, pull: Pull, issue: Issue, args: Args): Shape {
  const wanted = args["itemTypes"];
  const since = Date.parse(String(args["since"] ?? ""));
  const all = items(g, repo, pull, issue);
  const list = all.filter(
    (one) => (!Array.isArray(wanted) || wanted.includes(itemType(one.type))) && !(one.at < since),
  );
  return connection("timelineItems", list, args, (one) => one.show(), {
    filteredCount: list.length,
    pageCount: list.length,
    totalCount: list.length,
    updatedAt: iso(issue.updatedAt),
  });
}
