import type { Comment, Issue } from "../world/issues.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { comment, issue } from "../render/issue.ts";
import { emit } from "./emit.ts";

export function emitIssue(
  world: World,
  repo: Repo,
  on: Issue,
  action: string,
  senderId: number | null,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  if (on.isPull) return;
  emit(world, repo, "issues", action, senderId, { issue: issue(world, repo, on), ...extra });
}

export function emitComment(
  world: World,
  repo: Repo,
  on: Issue,
  value: Comment,
  action: string,
  senderId: number | null,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  emit(world, repo, "issue_comment", action, senderId, {
    issue: issue(world, repo, on),
    comment: comment(world, repo, on, value),
    ...extra,
  });
}
