import { emitComment } from "../webhooks/issues.ts";
import type { Comment, Issue, Reaction } from "./issues.ts";
import type { Repo } from "./repositories.ts";
import type { World } from "./world.ts";

export function addComment(
  world: World,
  repo: Repo,
  on: Issue,
  input: { authorId: number | null; viaAppId: number | null; body: string },
): Comment {
  const at = world.now();
  const made: Comment = {
    id: world.nextId(),
    authorId: input.authorId,
    body: input.body,
    createdAt: at,
    updatedAt: at,
    editedAt: null,
    editorId: null,
    viaAppId: input.viaAppId,
    reactions: [],
  };
  on.comments.push(made);
  on.updatedAt = at;
  emitComment(world, repo, on, made, "created", input.authorId);
  return made;
}

export function changeComment(
  world: World,
  repo: Repo,
  on: Issue,
  found: Comment,
  body: string,
  byId: number,
): void {
  const before = found.body;
  found.body = body;
  found.editedAt = world.now();
  found.updatedAt = world.now();
  found.editorId = byId;
  on.updatedAt = world.now();
  emitComment(world, repo, on, found, "edited", byId, { changes: { body: { from: before } } });
}

export function removeComment(
  world: World,
  repo: Repo,
  on: Issue,
  found: Comment,
  byId: number,
): void {
  on.comments.splice(on.comments.indexOf(found), 1);
  emitComment(world, repo, on, found, "deleted", byId);
}

export function addReaction(
  world: World,
  to: { readonly reactions: Reaction[] },
  userId: number,
  content: string,
): { reaction: Reaction; isNew: boolean } {
  const found = to.reactions.find((one) => one.userId === userId && one.content === content);
  if (found !== undefined) return { reaction: found, isNew: false };
  const reaction: Reaction = { id: world.nextId(), userId, content, createdAt: world.now() };
  to.reactions.push(reaction);
  return { reaction, isNew: true };
}
