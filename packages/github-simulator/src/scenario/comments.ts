import { actor } from "../world/accounts.ts";
import { issueNumbered, repoNamed } from "../world/lookup.ts";
import { addComment, addReaction, changeComment, removeComment } from "../world/comment-writes.ts";
import type { Comment, Issue } from "../world/issues.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";

export interface CommentInput {
  readonly repo: string;
  readonly number: number;
  readonly body: string;
  /** `null`: an account that is gone. */
  readonly by: string | null;
  /** The App through which a person posts, where one does. */
  readonly viaAppId?: number;
}

export function comment(world: World, input: CommentInput): { id: number } {
  const repo = repoNamed(world, input.repo);
  const made = addComment(world, repo, issueNumbered(repo, input.number), {
    authorId: input.by === null ? null : actor(world, input.by).id,
    viaAppId: input.viaAppId ?? null,
    body: input.body,
  });
  return { id: made.id };
}

function find(repo: Repo, id: number): { on: Issue; found: Comment } {
  for (const on of repo.issues.values()) {
    const found = on.comments.find((one) => one.id === id);
    if (found !== undefined) return { on, found };
  }
  throw new Error(`no comment ${id} in ${repo.name}`);
}

export function editComment(
  world: World,
  input: { repo: string; id: number; body: string; by: string },
): void {
  const repo = repoNamed(world, input.repo);
  const { on, found } = find(repo, input.id);
  changeComment(world, repo, on, found, input.body, actor(world, input.by).id);
}

export function deleteComment(world: World, input: { repo: string; id: number; by: string }): void {
  const repo = repoNamed(world, input.repo);
  const { on, found } = find(repo, input.id);
  removeComment(world, repo, on, found, actor(world, input.by).id);
}

export function react(
  world: World,
  input: { repo: string; id: number; content: string; by: string },
): void {
  const { found } = find(repoNamed(world, input.repo), input.id);
  addReaction(world, found, actor(world, input.by).id, input.content);
}
