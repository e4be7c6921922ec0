import { authorAssociation, roleIn } from "../world/accounts.ts";
import { roles } from "../world/people.ts";
import type { Issue } from "../world/issues.ts";
import type { Pull, Review, Thread, ThreadComment } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId } from "../render/account.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { connection } from "./connection.ts";
import type { Args, Gql, Shape } from "./context.ts";

function threadComment(
  g: Gql,
  repo: Repo,
  pull: Pull,
  issue: Issue,
  on: Thread,
  value: ThreadComment,
): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/pull/${pull.number}#discussion_r${value.id}`;
  const found = g.world.git.commits.get(value.commitId);
  return {
    __typename: "PullRequestReviewComment",
    id: nodeId("PullRequestReviewComment", repo.id, pull.number, value.id),
    databaseId: value.id,
    fullDatabaseId: String(value.id),
    body: value.body,
    bodyText: value.body,
    author: () => g.shapes.actor(g, value.authorId),
    authorAssociation: authorAssociation(g.world, repo, value.authorId),
    createdAt: iso(value.createdAt),
    updatedAt: iso(value.createdAt),
    publishedAt: iso(value.createdAt),
    path: on.path,
    line: on.line,
    originalLine: on.line,
    outdated: value.commitId !== pull.headSha,
    url,
    resourcePath: new URL(url).pathname,
    commit: () => (found === undefined ? null : g.shapes.commit(g, repo, found)),
    pullRequest: () => g.shapes.pull(g, repo, pull, issue),
    lastEditedAt: null,
    includesCreatedEdit: false,
    editor: null,
    state: "SUBMITTED",
    diffHunk: "",
  };
}

export function thread(g: Gql, repo: Repo, pull: Pull, issue: Issue, value: Thread): Shape {
  return {
    __typename: "PullRequestReviewThread",
    id: nodeId("PullRequestReviewThread", repo.id, pull.number, value.id),
    isResolved: value.resolved,
    isCollapsed: value.resolved,
    isOutdated: value.comments.every((one) => one.commitId !== pull.headSha),
    path: value.path,
    line: value.line,
    originalLine: value.line,
    startLine: null,
    originalStartLine: null,
    diffSide: "RIGHT",
    startDiffSide: null,
    subjectType: "LINE",
    resolvedBy: () => g.shapes.actor(g, value.resolvedById),
    pullRequest: () => g.shapes.pull(g, repo, pull, issue),
    repository: () => g.shapes.repository(g, repo),
    comments: (args: Args) =>
      connection("comments", value.comments, args, (one) =>
        threadComment(g, repo, pull, issue, value, one),
      ),
  };
}

export function review(g: Gql, repo: Repo, pull: Pull, issue: Issue, value: Review): Shape {
  const url = `${repoHtmlUrl(g.world, repo)}/pull/${pull.number}#pullrequestreview-${value.id}`;
  const found = value.commitId === null ? undefined : g.world.git.commits.get(value.commitId);
  const at = iso(value.editedAt ?? value.submittedAt ?? issue.createdAt);
  return {
    __typename: "PullRequestReview",
    id: nodeId("PullRequestReview", repo.id, pull.number, value.id),
    databaseId: value.id,
    fullDatabaseId: String(value.id),
    state: value.state,
    body: value.body,
    bodyText: value.body,
    url,
    resourcePath: new URL(url).pathname,
    author: () => g.shapes.actor(g, value.authorId),
    authorAssociation: authorAssociation(g.world, repo, value.authorId),
    authorCanPushToRepository:
      value.authorId !== null &&
      roles.indexOf(roleIn(g.world, repo, value.authorId)) >= roles.indexOf("write"),
    commit: () => (found === undefined ? null : g.shapes.commit(g, repo, found)),
    submittedAt: iso(value.submittedAt),
    publishedAt: iso(value.submittedAt),
    createdAt: iso(value.submittedAt ?? issue.createdAt),
    updatedAt: at,
    lastEditedAt: iso(value.editedAt),
    includesCreatedEdit: value.editedAt !== null,
    createdViaEmail: false,
    editor: () => g.shapes.actor(g, value.editorId),
    isMinimized: false,
    minimizedReason: null,
    pullRequest: () => g.shapes.pull(g, repo, pull, issue),
    repository: () => g.shapes.repository(g, repo),
    onBehalfOf: (args: Args) => connection("onBehalfOf", [], args, (one) => one),
    comments: (args: Args) => connection("comments", [], args, (one) => one),
  };
}
