import { authorAssociation } from "../world/accounts.ts";
import type { Comment, Issue, Label, Reaction } from "../world/issues.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { appById, iso, nodeId, userById, userOrGhost } from "./account.ts";
import { repoHtmlUrl, repoUrl } from "./repository.ts";

export function label(world: World, repo: Repo, value: Label): Record<string, unknown> {
  return {
    id: value.id,
    node_id: nodeId("Label", repo.id, value.name),
    url: `${repoUrl(world, repo)}/labels/${encodeURIComponent(value.name)}`,
    name: value.name,
    description: value.description,
    color: value.color,
    default: false,
  };
}

export function reactions(url: string, list: readonly Reaction[]): Record<string, unknown> {
  const count = (content: string): number =>
    list.filter((reaction) => reaction.content === content).length;
  return {
    url: `${url}/reactions`,
    total_count: list.length,
    ...Object.fromEntries(
      ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"].map((content) => [
        content,
        count(content),
      ]),
    ),
  };
}

export function reaction(world: World, value: Reaction): Record<string, unknown> {
  return {
    id: value.id,
    node_id: nodeId("Reaction", value.id),
    user: userById(world, value.userId),
    content: value.content,
    created_at: iso(value.createdAt),
  };
}

export function issue(world: World, repo: Repo, value: Issue): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/issues/${value.number}`;
  const html = `${repoHtmlUrl(world, repo)}/${value.isPull ? "pull" : "issues"}/${value.number}`;
  const pull = repo.pulls.get(value.number);
  return {
    id: value.id,
    node_id: nodeId(value.isPull ? "PullRequest" : "Issue", repo.id, value.number),
    number: value.number,
    url,
    repository_url: repoUrl(world, repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: html,
    title: value.title,
    body: value.body,
    state: value.state,
    state_reason: value.stateReason,
    user: userOrGhost(world, value.authorId),
    labels: value.labels.map((one) => label(world, repo, one)),
    assignee: userById(world, value.assigneeIds[0] ?? null),
    assignees: value.assigneeIds.map((id) => userById(world, id)),
    milestone: null,
    locked: value.locked,
    active_lock_reason: null,
    comments: value.comments.length,
    created_at: iso(value.createdAt),
    updated_at: iso(value.updatedAt),
    closed_at: iso(value.closedAt),
    closed_by: userById(world, value.closedById),
    author_association: authorAssociation(world, repo, value.authorId),
    performed_via_github_app: appById(world, value.viaAppId),
    reactions: reactions(url, value.reactions),
    ...(pull === undefined
      ? {}
      : {
          draft: pull.draft,
          pull_request: {
            url: `${repoUrl(world, repo)}/pulls/${value.number}`,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: iso(pull.mergedAt),
          },
        }),
  };
}

export function comment(
  world: World,
  repo: Repo,
  on: Issue,
  value: Comment,
): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/issues/comments/${value.id}`;
  return {
    id: value.id,
    node_id: nodeId("IssueComment", repo.id, on.number, value.id),
    url,
    html_url: `${repoHtmlUrl(world, repo)}/${on.isPull ? "pull" : "issues"}/${on.number}#issuecomment-${value.id}`,
    issue_url: `${repoUrl(world, repo)}/issues/${on.number}`,
    user: userById(world, value.authorId),
    body: value.body,
    created_at: iso(value.createdAt),
    updated_at: iso(value.updatedAt),
    author_association: authorAssociation(world, repo, value.authorId),
    performed_via_github_app: appById(world, value.viaAppId),
    reactions: reactions(url, value.reactions),
  };
}
