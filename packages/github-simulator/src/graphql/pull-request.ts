import { authorAssociation, roleIn } from "../world/accounts.ts";
import { mergeability, pullRange, testMerge } from "../world/diffs.ts";
import type { ChangedFile } from "../git/compare.ts";
import type { Issue } from "../world/issues.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId } from "../render/account.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { connection } from "./connection.ts";
import { need, shapeOrNull, type Args, type Gql, type Shape } from "./context.ts";
import { thread } from "./threads.ts";
import { latestReviews, reviewDecision } from "./review-state.ts";
import { timelineItems } from "./timeline.ts";

const changeTypes = {
  added: "ADDED",
  removed: "DELETED",
  modified: "MODIFIED",
  renamed: "RENAMED",
} as const;

function file(value: ChangedFile): Shape {
  return {
    __typename: "PullRequestChangedFile",
    path: value.path,
    additions: value.additions,
    deletions: value.deletions,
    changeType: changeTypes[value.status],
    viewerViewedState: "UNVIEWED",
  };
}

function refOf(g: Gql, repo: Repo | undefined, name: string): Shape | null {
  const sha = repo?.refs.get(`refs/heads/${name}`);
  const found = sha === undefined ? undefined : g.world.git.commits.get(sha);
  if (repo === undefined || sha === undefined || found === undefined) return null;
  return {
    __typename: "Ref",
    id: nodeId("Ref", repo.id, `refs/heads/${name}`),
    name,
    prefix: "refs/heads/",
    target: () => g.shapes.commit(g, repo, found),
    repository: () => g.shapes.repository(g, repo),
    branchProtectionRule: null,
  };
}

export function pull(g: Gql, repo: Repo, value: Pull, issue: Issue): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/pull/${value.number}`;
  const headRepo = value.headRepoId === null ? undefined : g.world.repos.get(value.headRepoId);
  const state = (): string =>
    issue.state === "open" ? mergeability(g.world, repo, value) : "unknown";
  const range = (): ReturnType<typeof pullRange> => pullRange(g.world, repo, value);
  const commitShape = (sha: string | null): Shape | null =>
    shapeOrNull(sha === null ? null : g.world.git.commits.get(sha), (one) =>
      g.shapes.commit(g, repo, one),
    );
  const self = (): Shape => pull(g, repo, value, issue);
  return {
    __typename: "PullRequest",
    id: nodeId("PullRequest", repo.id, value.number),
    databaseId: value.id,
    fullDatabaseId: String(value.id),
    number: value.number,
    title: issue.title,
    body: issue.body ?? "",
    bodyText: issue.body ?? "",
    url,
    permalink: url,
    resourcePath: new URL(url).pathname,
    checksUrl: `${url}/checks`,
    checksResourcePath: `${new URL(url).pathname}/checks`,
    state: value.merged ? "MERGED" : issue.state === "open" ? "OPEN" : "CLOSED",
    closed: issue.state === "closed",
    merged: value.merged,
    isDraft: value.draft,
    locked: issue.locked,
    createdAt: iso(issue.createdAt),
    updatedAt: iso(issue.updatedAt),
    publishedAt: iso(issue.createdAt),
    closedAt: iso(issue.closedAt),
    mergedAt: iso(value.mergedAt),
    lastEditedAt: iso(issue.editedAt),
    includesCreatedEdit: issue.editedAt !== null,
    createdViaEmail: false,
    editor: () => g.shapes.actor(g, issue.editorId),
    author: () => g.shapes.actor(g, issue.authorId),
    authorAssociation: authorAssociation(g.world, repo, issue.authorId),
    mergedBy: () => g.shapes.actor(g, value.mergedById),
    baseRefName: value.baseRef,
    baseRefOid: value.baseSha,
    headRefName: value.headRef,
    headRefOid: value.headSha,
    baseRef: () => refOf(g, repo, value.baseRef),
    headRef: () => refOf(g, headRepo, value.headRef),
    baseRepository: () => g.shapes.repository(g, repo),
    headRepository: () => shapeOrNull(headRepo, (one) => g.shapes.repository(g, one)),
    headRepositoryOwner: () => shapeOrNull(headRepo, (one) => g.shapes.actor(g, one.ownerId)),
    repository: () => g.shapes.repository(g, repo),
    isCrossRepository: value.headRepoId !== repo.id,
    maintainerCanModify: false,
    activeLockReason: null,
    milestone: null,
    viewerDidAuthor: false,
    mergeable: () =>
      state() === "dirty" ? "CONFLICTING" : state() === "unknown" ? "UNKNOWN" : "MERGEABLE",
    mergeStateStatus: () => state().toUpperCase(),
    canBeRebased: () => state() !== "dirty",
    additions: () => range().files.reduce((sum, one) => sum + one.additions, 0),
    deletions: () => range().files.reduce((sum, one) => sum + one.deletions, 0),
    changedFiles: () => range().files.length,
    totalCommentsCount: issue.comments.length,
    files: (args: Args) =>
      connection("files", range().files.slice(0, 3000), args, file, {
        totalCount: range().files.length,
      }),
    // GraphQL lists 250 commits of a pull request and counts them all.
    commits: (args: Args) => {
      const all = range().commits;
      return connection(
        "commits",
        all.slice(-250),
        args,
        (one) => ({
          __typename: "PullRequestCommit",
          id: nodeId("PullRequestCommit", repo.id, value.number, one.sha),
          commit: () => g.shapes.commit(g, repo, one),
          pullRequest: self,
          url: `${url}/commits/${one.sha}`,
          resourcePath: `${new URL(url).pathname}/commits/${one.sha}`,
        }),
        { totalCount: all.length },
      );
    },
    labels: (args: Args) =>
      connection("labels", issue.labels, args, (one) => g.shapes.label(g, repo, one)),
    assignees: (args: Args) =>
      connection("assignees", issue.assigneeIds, args, (id) => g.shapes.actor(g, id)),
    comments: (args: Args) =>
      connection("comments", issue.comments, args, (one) => g.shapes.comment(g, repo, issue, one)),
    reviews: (args: Args) => {
      const states = args["states"];
      const author =
        typeof args["author"] === "string"
          ? g.world.accountsByLogin.get(args["author"].toLowerCase())?.id
          : undefined;
      const list = value.reviews.filter(
        (one) =>
          (!Array.isArray(states) || states.includes(one.state)) &&
          (args["author"] === undefined || one.authorId === author),
      );
      return connection("reviews", list, args, (one) =>
        g.shapes.review(g, repo, value, issue, one),
      );
    },
    latestReviews: (args: Args) =>
      connection("latestReviews", latestReviews(value), args, (one) =>
        g.shapes.review(g, repo, value, issue, one),
      ),
    latestOpinionatedReviews: (args: Args) =>
      connection(
        "latestOpinionatedReviews",
        latestReviews(value, ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]).filter(
          (one) =>
            args["writersOnly"] !== true ||
            (one.authorId !== null &&
              ["write", "maintain", "admin"].includes(roleIn(g.world, repo, one.authorId))),
        ),
        args,
        (one) => g.shapes.review(g, repo, value, issue, one),
      ),
    reviewDecision: () => reviewDecision(value),
    reviewThreads: (args: Args) =>
      connection("reviewThreads", value.threads, args, (one) => thread(g, repo, value, issue, one)),
    reviewRequests: (args: Args) => {
      const asked = [
        ...value.requestedReviewerIds.map((id) => g.shapes.actor(g, id)),
        ...value.requestedTeamIds.flatMap(
          (id) => shapeOrNull(g.world.teams.get(id), (one) => g.shapes.team(g, one)) ?? [],
        ),
      ];
      return connection("reviewRequests", asked, args, (one) => ({
        __typename: "ReviewRequest",
        id: nodeId("ReviewRequest", repo.id, value.number),
        databaseId: value.id,
        asCodeOwner: false,
        requestedReviewer: one,
        pullRequest: self,
      }));
    },
    timelineItems: (args: Args) => timelineItems(g, repo, value, issue, args),
    statusCheckRollup: () => {
      need(g, "checks:read", "statuses:read");
      return g.shapes.rollup(g, repo, value.headSha);
    },
    mergeCommit: () => commitShape(value.mergeCommitSha),
    potentialMergeCommit: () =>
      commitShape(issue.state === "open" ? (testMerge(g.world, repo, value)?.sha ?? null) : null),
    autoMergeRequest: () =>
      value.autoMerge === null
        ? null
        : {
            __typename: "AutoMergeRequest",
            enabledAt: iso(issue.updatedAt),
            enabledBy: g.shapes.actor(g, value.autoMerge.byId),
            mergeMethod: value.autoMerge.method.toUpperCase(),
            commitHeadline: null,
            commitBody: null,
            authorEmail: null,
            pullRequest: self,
          },
    isInMergeQueue: value.queue !== null,
    isMergeQueueEnabled: value.queue !== null,
    mergeQueue: () => (value.queue === null ? null : g.shapes.mergeQueue(g, repo, value.baseRef)),
    mergeQueueEntry: () => {
      need(g, "merge_queues:read");
      const { queue } = value;
      if (queue === null) return null;
      return {
        __typename: "MergeQueueEntry",
        id: nodeId("MergeQueueEntry", repo.id, value.number),
        position: queue.position,
        state: queue.state,
        enqueuedAt: iso(queue.enqueuedAt),
        jump: false,
        solo: false,
        estimatedTimeToMerge: null,
        enqueuer: g.shapes.actor(g, queue.enqueuerId),
        headCommit: () => commitShape(queue.headSha),
        baseCommit: () => commitShape(queue.baseSha),
        pullRequest: self,
        mergeQueue: () => g.shapes.mergeQueue(g, repo, value.baseRef),
      };
    },
    closingIssuesReferences: (args: Args) =>
      connection(
        "closingIssuesReferences",
        value.closingIssues.flatMap((number) => repo.issues.get(number) ?? []),
        args,
        (one) => g.shapes.issue(g, repo, one),
      ),
    participants: (args: Args) =>
      connection("participants", issue.authorId === null ? [] : [issue.authorId], args, (id) =>
        g.shapes.actor(g, id),
      ),
  };
}
