import { accountOf, authorAssociation } from "../world/accounts.ts";
import { baseTip, mergeability, pullRange, testMerge } from "../world/diffs.ts";
import type { Issue } from "../world/issues.ts";
import type { Pull, Review } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import { stackOf } from "../world/stacks.ts";
import type { World } from "../world/world.ts";
import { iso, nodeId, user, userById, userOrGhost } from "./account.ts";
import { label } from "./issue.ts";
import { repoHtmlUrl, repoUrl, repository } from "./repository.ts";
import { team } from "./team.ts";

function side(
  world: World,
  repo: Repo | null,
  ref: string,
  sha: string,
  labelled: string,
): Record<string, unknown> {
  return {
    label: labelled,
    ref,
    sha,
    user: repo === null ? null : user(world, accountOf(world, repo.ownerId)),
    repo: repo === null ? null : repository(world, repo),
  };
}

function stack(repo: Repo, pull: Pull): Record<string, unknown> | null {
  const found = stackOf(repo, pull.number);
  if (found === null) return null;
  return {
    id: found.id,
    number: found.number,
    size: found.pulls.length,
    position: found.pulls.indexOf(pull.number) + 1,
    base: { ref: found.base, sha: repo.refs.get(`refs/heads/${found.base}`) ?? pull.baseSha },
  };
}

/** A pull request as lists show it. */
export function pullSimple(
  world: World,
  repo: Repo,
  pull: Pull,
  issue: Issue,
): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/pulls/${pull.number}`;
  const issueUrl = `${repoUrl(world, repo)}/issues/${pull.number}`;
  const html = `${repoHtmlUrl(world, repo)}/pull/${pull.number}`;
  const headRepo = pull.headRepoId === null ? null : (world.repos.get(pull.headRepoId) ?? null);
  const statuses = `${repoUrl(world, repo)}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId("PullRequest", repo.id, pull.number),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    number: pull.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: userOrGhost(world, issue.authorId),
    body: issue.body,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: iso(issue.closedAt),
    merged_at: iso(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha ?? testMerge(world, repo, pull)?.sha ?? null,
    assignee: userById(world, issue.assigneeIds[0] ?? null),
    assignees: issue.assigneeIds.map((id) => userById(world, id)),
    requested_reviewers: pull.requestedReviewerIds.map((id) => userById(world, id)),
    requested_teams: pull.requestedTeamIds.flatMap((id) => {
      const found = world.teams.get(id);
      return found === undefined ? [] : [team(world, found)];
    }),
    labels: issue.labels.map((one) => ({
      ...label(world, repo, one),
      description: one.description ?? "",
    })),
    milestone: null,
    draft: pull.draft,
    stack: stack(repo, pull),
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repoUrl(world, repo)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: side(world, headRepo, pull.headRef, pull.headSha, pull.headLabel),
    base: side(
      world,
      repo,
      pull.baseRef,
      pull.baseSha,
      `${accountOf(world, repo.ownerId).login}:${pull.baseRef}`,
    ),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${repoUrl(world, repo)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: authorAssociation(world, repo, issue.authorId),
    auto_merge:
      pull.autoMerge === null
        ? null
        : {
            enabled_by: userById(world, pull.autoMerge.byId),
            merge_method: pull.autoMerge.method,
            commit_title: issue.title,
            commit_message: "",
          },
    active_lock_reason: null,
  };
}

export function pullFull(
  world: World,
  repo: Repo,
  pull: Pull,
  issue: Issue,
): Record<string, unknown> {
  const range = pullRange(world, repo, pull);
  const state = issue.state === "open" ? mergeability(world, repo, pull) : "unknown";
  return {
    ...pullSimple(world, repo, pull, issue),
    merged: pull.merged,
    mergeable: issue.state === "open" ? state !== "dirty" : null,
    rebaseable: issue.state === "open" ? state !== "dirty" : null,
    mergeable_state: state,
    merged_by: userById(world, pull.mergedById),
    comments: issue.comments.length,
    review_comments: pull.threads.reduce((sum, thread) => sum + thread.comments.length, 0),
    maintainer_can_modify: false,
    commits: range.commits.length,
    additions: range.files.reduce((sum, file) => sum + file.additions, 0),
    deletions: range.files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: range.files.length,
  };
}

/** The few fields by which checks and deployments name a pull request. Forks are not named, as on GitHub. */
export function pullMinimal(world: World, repo: Repo, pull: Pull): Record<string, unknown> {
  const short = (one: Repo): Record<string, unknown> => ({
    id: one.id,
    url: repoUrl(world, one),
    name: one.name,
  });
  return {
    id: pull.id,
    number: pull.number,
    url: `${repoUrl(world, repo)}/pulls/${pull.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo: short(repo) },
    base: { ref: pull.baseRef, sha: baseTip(repo, pull), repo: short(repo) },
  };
}

export function pullsAt(world: World, repo: Repo, sha: string): Record<string, unknown>[] {
  return [...repo.pulls.values()]
    .filter(
      (pull) =>
        pull.headSha === sha &&
        pull.headRepoId === repo.id &&
        repo.issues.get(pull.number)?.state === "open",
    )
    .map((pull) => pullMinimal(world, repo, pull));
}

export function review(
  world: World,
  repo: Repo,
  pull: Pull,
  value: Review,
): Record<string, unknown> {
  const pullUrl = `${repoUrl(world, repo)}/pulls/${pull.number}`;
  const html = `${repoHtmlUrl(world, repo)}/pull/${pull.number}#pullrequestreview-${value.id}`;
  return {
    id: value.id,
    node_id: nodeId("PullRequestReview", repo.id, pull.number, value.id),
    user: userById(world, value.authorId),
    body: value.body,
    state: value.state,
    html_url: html,
    pull_request_url: pullUrl,
    commit_id: value.commitId,
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    author_association: authorAssociation(world, repo, value.authorId),
    ...(value.submittedAt === null ? {} : { submitted_at: iso(value.submittedAt) }),
  };
}
