import type { Call, Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { issueOf, repoOf } from "../http/scope.ts";
import { pullRange } from "../world/diffs.ts";
import type { Issue, TimelineEvent } from "../world/issues.ts";
import type { Repo } from "../world/repositories.ts";
import { appById, iso, nodeId, user, userById } from "../render/account.ts";
import { accountOf } from "../world/accounts.ts";
import { gitCommit } from "../render/commit.ts";
import { comment, issue } from "../render/issue.ts";
import { review } from "../render/pull.ts";
import { repoUrl } from "../render/repository.ts";

function event(call: Call, repo: Repo, value: TimelineEvent): Record<string, unknown> {
  return {
    id: value.id,
    node_id: nodeId("Event", repo.id, value.id),
    url: `${repoUrl(call.world, repo)}/issues/events/${value.id}`,
    actor: userById(call.world, value.actorId),
    event: value.event,
    commit_id: value.commitSha ?? null,
    commit_url:
      value.commitSha === undefined
        ? null
        : `${repoUrl(call.world, repo)}/commits/${value.commitSha}`,
    created_at: iso(value.createdAt),
    performed_via_github_app: appById(call.world, value.viaAppId ?? null),
    ...(value.label === undefined
      ? {}
      : { label: { name: value.label.name, color: value.label.color } }),
    ...(value.rename === undefined ? {} : { rename: value.rename }),
    ...(value.assigneeId === undefined
      ? {}
      : { assignee: user(call.world, accountOf(call.world, value.assigneeId)) }),
    ...(value.reviewId === undefined
      ? {}
      : {
          dismissed_review: {
            state: "approved",
            review_id: value.reviewId,
            dismissal_message: value.dismissalMessage ?? null,
          },
        }),
  };
}

interface Line {
  readonly at: number;
  readonly body: Record<string, unknown>;
}

function timeline(call: Call, repo: Repo, on: Issue): Line[] {
  const pull = repo.pulls.get(on.number);
  const lines: Line[] = on.timeline.map((value) => ({
    at: value.createdAt,
    body: event(call, repo, value),
  }));
  for (const value of on.comments) {
    lines.push({
      at: value.createdAt,
      body: {
        ...comment(call.world, repo, on, value),
        event: "commented",
        actor: userById(call.world, value.authorId),
      },
    });
  }
  for (const value of pull?.reviews ?? []) {
    if (pull === undefined || value.submittedAt === null) continue;
    lines.push({
      at: value.submittedAt,
      body: {
        ...review(call.world, repo, pull, value),
        event: "reviewed",
        state: value.state.toLowerCase(),
      },
    });
  }
  for (const value of pull === undefined ? [] : pullRange(call.world, repo, pull).commits) {
    lines.push({
      at: value.committer.date,
      body: { ...gitCommit(call.world, repo, value), event: "committed" },
    });
  }
  return lines.sort((a, b) => a.at - b.at);
}

const read = ["issues:read", "pull_requests:read"];

export const timelineRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/timeline",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      return paged(call, timeline(call, repo, issueOf(call, repo)), (line) => line.body);
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/{issue_number}/events",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      return paged(call, issueOf(call, repo).timeline, (value) => event(call, repo, value));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/issues/events",
    permission: read,
    handle: (call) => {
      const repo = repoOf(call);
      const all = [...repo.issues.values()]
        .flatMap((on) => on.timeline.map((value) => ({ on, value })))
        .sort((a, b) => b.value.id - a.value.id);
      return paged(call, all, ({ on, value }) => ({
        ...event(call, repo, value),
        issue: issue(call.world, repo, on),
      }));
    },
  },
];
