import type { Issue } from "../world/issues.ts";
import type { Pull, Review, Thread } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { authorAssociation } from "../world/accounts.ts";
import { iso, nodeId, userById } from "../render/account.ts";
import { reactions } from "../render/issue.ts";
import { pullFull, pullSimple, review } from "../render/pull.ts";
import { repoHtmlUrl, repoUrl } from "../render/repository.ts";
import { emit } from "./emit.ts";

type Extra = Readonly<Record<string, unknown>>;

/** Actions whose payload says nothing of stacks, by GitHub's description. */
const untold: ReadonlySet<string> = new Set([
  "opened",
  "edited",
  "closed",
  "reopened",
  "ready_for_review",
  "converted_to_draft",
]);

export function emitPull(
  world: World,
  repo: Repo,
  pull: Pull,
  action: string,
  senderId: number | null,
  extra: Extra = {},
): void {
  const issue = repo.issues.get(pull.number);
  if (issue === undefined) return;
  const { stack, ...shown } = pullFull(world, repo, pull, issue);
  emit(world, repo, "pull_request", action, senderId, {
    number: pull.number,
    pull_request: untold.has(action) ? shown : { ...shown, stack },
    ...extra,
  });
}

export function emitReview(
  world: World,
  repo: Repo,
  pull: Pull,
  issue: Issue,
  value: Review,
  action: string,
  senderId: number | null,
  extra: Extra = {},
): void {
  // Webhooks write the state in lower case where the API writes capitals.
  const shape = { ...review(world, repo, pull, value), state: value.state.toLowerCase() };
  emit(world, repo, "pull_request_review", action, senderId, {
    review: shape,
    pull_request: pullSimple(world, repo, pull, issue),
    ...extra,
  });
}

export function emitThread(
  world: World,
  repo: Repo,
  pull: Pull,
  issue: Issue,
  thread: Thread,
  action: "resolved" | "unresolved",
  senderId: number,
): void {
  const pullUrl = `${repoUrl(world, repo)}/pulls/${pull.number}`;
  const comments = thread.comments.map((one) => {
    const html = `${repoHtmlUrl(world, repo)}/pull/${pull.number}#discussion_r${one.id}`;
    return {
      url: `${repoUrl(world, repo)}/pulls/comments/${one.id}`,
      pull_request_review_id: null,
      id: one.id,
      node_id: nodeId("PullRequestReviewComment", repo.id, one.id),
      diff_hunk: "",
      path: thread.path,
      position: 1,
      original_position: 1,
      commit_id: one.commitId,
      original_commit_id: one.commitId,
      user: userById(world, one.authorId),
      body: one.body,
      created_at: iso(one.createdAt),
      updated_at: iso(one.createdAt),
      html_url: html,
      pull_request_url: pullUrl,
      author_association: authorAssociation(world, repo, one.authorId),
      _links: { self: { href: html }, html: { href: html }, pull_request: { href: pullUrl } },
      start_line: null,
      original_start_line: null,
      start_side: null,
      line: thread.line,
      original_line: thread.line,
      side: "RIGHT",
      reactions: reactions(`${repoUrl(world, repo)}/pulls/comments/${one.id}`, []),
    };
  });
  emit(world, repo, "pull_request_review_thread", action, senderId, {
    pull_request: pullSimple(world, repo, pull, issue),
    thread: {
      node_id: nodeId("PullRequestReviewThread", repo.id, pull.number, thread.id),
      comments,
    },
  });
}
