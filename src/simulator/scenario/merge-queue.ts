import { actor } from "../world/accounts.ts";
import { baseTip } from "../world/diffs.ts";
import { commitOf, pullNumbered, repoNamed } from "../world/lookup.ts";
import { mergeBase } from "../git/history.ts";
import { mergeTrees } from "../git/merge.ts";
import { writeCommit } from "../git/objects.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { simpleCommit } from "../render/commit.ts";
import { emit } from "../webhooks/emit.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { moveRef } from "./commits.ts";
import { requestSuite } from "./head-moved.ts";
import { finishMerge } from "./pull-lifecycle.ts";
import { mark } from "./timeline.ts";

export function queued(repo: Repo, base: string): Pull[] {
  return [...repo.pulls.values()]
    .filter((pull) => pull.queue !== null && pull.baseRef === base)
    .sort((a, b) => (a.queue?.position ?? 0) - (b.queue?.position ?? 0));
}

/** Entries as the queue's list shows them: the newest ones come late. */
export function listedQueue(repo: Repo, base: string): Pull[] {
  const all = queued(repo, base);
  return all.slice(0, Math.max(0, all.length - repo.queueLag));
}

/** From now on lists of the repository's merge queues lack so many of their newest entries. */
export function queueLag(world: World, input: { repo: string; entries: number }): void {
  repoNamed(world, input.repo).queueLag = input.entries;
}

function groupRef(pull: Pull, baseSha: string): string {
  return `refs/heads/gh-readonly-queue/${pull.baseRef}/pr-${pull.number}-${baseSha}`;
}

function emitGroup(
  world: World,
  repo: Repo,
  pull: Pull,
  action: "checks_requested" | "destroyed",
  byId: number,
  reason?: string,
): void {
  const { headSha, baseSha } = pull.queue ?? { headSha: null, baseSha: null };
  if (headSha === null || baseSha === null) return;
  emit(world, repo, "merge_group", action, byId, {
    ...(reason === undefined ? {} : { reason }),
    merge_group: {
      head_sha: headSha,
      head_ref: groupRef(pull, baseSha),
      base_sha: baseSha,
      base_ref: `refs/heads/${pull.baseRef}`,
      head_commit: simpleCommit(world, headSha),
    },
  });
}

/** Puts a pull request into the merge queue of its base; its group is built on those before it. */
export function enqueuePull(
  world: World,
  input: { repo: string; number: number; by?: string },
): { headSha: string; ref: string } {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const byId = actor(world, input.by ?? "admin").id;
  const before = queued(repo, pull.baseRef).at(-1);
  const baseSha = before?.queue?.headSha ?? baseTip(repo, pull);
  const ancestor = mergeBase(world.git, baseSha, pull.headSha);
  const files =
    ancestor === null
      ? null
      : mergeTrees(
          world.git,
          commitOf(world, ancestor).files,
          commitOf(world, baseSha).files,
          commitOf(world, pull.headSha).files,
        );
  if (files === null) throw new Error(`#${pull.number} conflicts with the queue`);
  const github = { name: "GitHub", email: "noreply@github.com", date: world.now() };
  const head = writeCommit(world.git, {
    files,
    parents: [baseSha, pull.headSha],
    message: `Merge pull request #${pull.number}`,
    author: commitOf(world, pull.headSha).author,
    committer: github,
    verified: true,
  });
  pull.queue = {
    id: world.nextId(),
    enqueuedAt: world.now(),
    enqueuerId: byId,
    position: (before?.queue?.position ?? 0) + 1,
    state: "AWAITING_CHECKS",
    headSha: head.sha,
    baseSha,
  };
  mark(world, issue, { event: "added_to_merge_queue", actorId: byId });
  emitPull(world, repo, pull, "enqueued", byId);
  moveRef(world, repo, groupRef(pull, baseSha), head.sha, byId);
  requestSuite(world, repo, head.sha);
  emitGroup(world, repo, pull, "checks_requested", byId);
  return { headSha: head.sha, ref: groupRef(pull, baseSha) };
}

/** Takes a pull request out again: `invalidated` when its checks failed, `dequeued` when somebody did. */
export function dequeuePull(
  world: World,
  input: { repo: string; number: number; by?: string; reason?: "invalidated" | "dequeued" },
): void {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const byId = actor(world, input.by ?? "admin").id;
  if (pull.queue === null) return;
  emitGroup(world, repo, pull, "destroyed", byId, input.reason ?? "dequeued");
  moveRef(world, repo, groupRef(pull, pull.queue.baseSha ?? ""), null, byId);
  pull.queue = null;
  mark(world, issue, { event: "removed_from_merge_queue", actorId: byId });
  emitPull(world, repo, pull, "dequeued", byId, {
    reason: input.reason === "invalidated" ? "CI_FAILURE" : "MANUAL",
  });
}

/** Merges the group of a pull request into the base, as the queue does when all required checks are green. */
export function mergeGroup(world: World, input: { repo: string; number: number }): { sha: string } {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const sha = pull.queue?.headSha;
  if (pull.queue === null || sha === null || sha === undefined)
    throw new Error(`#${pull.number} is not in the queue`);
  const byId = actor(world, "github-merge-queue[bot]").id;
  emitGroup(world, repo, pull, "destroyed", byId, "merged");
  const ref = groupRef(pull, pull.queue.baseSha ?? "");
  finishMerge(world, repo, pull, issue, sha, byId, "merge_queue_merge");
  moveRef(world, repo, ref, null, byId);
  return { sha };
}
