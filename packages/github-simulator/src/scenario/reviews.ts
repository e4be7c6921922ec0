import { actor } from "../world/accounts.ts";
import { pullNumbered, repoNamed } from "../world/lookup.ts";
import type { Review, Thread } from "../world/pulls.ts";
import type { World } from "../world/world.ts";
import { emitReview, emitThread } from "../webhooks/pulls.ts";
import { mark } from "./timeline.ts";

export interface ReviewInput {
  readonly repo: string;
  readonly number: number;
  /** `null`: the account is gone. */
  readonly by: string | null;
  readonly state: "approve" | "request_changes" | "comment" | "pending";
  readonly body?: string;
  /** The commit that was looked at; the head unless given. `null`: garbage-collected. */
  readonly commit?: string | null;
}

const states = {
  approve: "APPROVED",
  request_changes: "CHANGES_REQUESTED",
  comment: "COMMENTED",
  pending: "PENDING",
} as const;

export function review(world: World, input: ReviewInput): { id: number } {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const authorId = input.by === null ? null : actor(world, input.by).id;
  const made: Review = {
    id: world.nextId(),
    authorId,
    state: states[input.state],
    body: input.body ?? "",
    commitId: input.commit === undefined ? pull.headSha : input.commit,
    submittedAt: input.state === "pending" ? null : world.now(),
    editedAt: null,
    editorId: null,
  };
  pull.reviews.push(made);
  pull.requestedReviewerIds = pull.requestedReviewerIds.filter((id) => id !== authorId);
  issue.updatedAt = world.now();
  if (input.state !== "pending") emitReview(world, repo, pull, issue, made, "submitted", authorId);
  return { id: made.id };
}

export function dismissReview(
  world: World,
  input: { repo: string; number: number; id: number; by: string; message?: string },
): void {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const found = pull.reviews.find((one) => one.id === input.id);
  if (found === undefined) throw new Error(`no review ${input.id} on #${input.number}`);
  found.state = "DISMISSED";
  const byId = actor(world, input.by).id;
  mark(world, issue, {
    event: "review_dismissed",
    actorId: byId,
    reviewId: found.id,
    dismissalMessage: input.message ?? "",
  });
  emitReview(world, repo, pull, issue, found, "dismissed", byId);
}

export function editReview(
  world: World,
  input: { repo: string; number: number; id: number; body: string; by: string },
): void {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const found = pull.reviews.find((one) => one.id === input.id);
  if (found === undefined) throw new Error(`no review ${input.id} on #${input.number}`);
  const before = found.body;
  found.body = input.body;
  found.editedAt = world.now();
  found.editorId = actor(world, input.by).id;
  emitReview(world, repo, pull, issue, found, "edited", found.editorId, {
    changes: { body: { from: before } },
  });
}

/** Opens a review thread on a line. */
export function thread(
  world: World,
  input: { repo: string; number: number; path: string; line?: number; by: string; body?: string },
): { id: number } {
  const { pull } = pullNumbered(repoNamed(world, input.repo), input.number);
  const made: Thread = {
    id: world.nextId(),
    path: input.path,
    line: input.line ?? 1,
    resolved: false,
    resolvedById: null,
    comments: [
      {
        id: world.nextId(),
        authorId: actor(world, input.by).id,
        body: input.body ?? "Why?",
        createdAt: world.now(),
        commitId: pull.headSha,
      },
    ],
  };
  pull.threads.push(made);
  return { id: made.id };
}

function setResolved(
  world: World,
  input: { repo: string; number: number; id: number; by: string },
  resolved: boolean,
): void {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const found = pull.threads.find((one) => one.id === input.id);
  if (found === undefined) throw new Error(`no thread ${input.id} on #${input.number}`);
  const byId = actor(world, input.by).id;
  found.resolved = resolved;
  found.resolvedById = resolved ? byId : null;
  emitThread(world, repo, pull, issue, found, resolved ? "resolved" : "unresolved", byId);
}

export function resolveThread(
  world: World,
  input: { repo: string; number: number; id: number; by: string },
): void {
  setResolved(world, input, true);
}

export function unresolveThread(
  world: World,
  input: { repo: string; number: number; id: number; by: string },
): void {
  setResolved(world, input, false);
}
