import { actor } from "../world/accounts.ts";
import { baseTip } from "../world/diffs.ts";
import { pullNumbered, repoNamed } from "../world/lookup.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { moveRef } from "./commits.ts";
import { finishMerge } from "./pull-lifecycle.ts";
import {
  announce,
  emitGroup,
  groupCommit,
  groupRef,
  leave,
  queued,
  rebuildQueue,
} from "./queue-groups.ts";
import { mark } from "./timeline.ts";

export { queued };

/** Entries as the queue's list shows them: the newest ones come late. */
export function listedQueue(repo: Repo, base: string): Pull[] {
  const all = queued(repo, base);
  return all.slice(0, Math.max(0, all.length - repo.queueLag));
}

/** From now on lists of the repository's merge queues lack so many of their newest entries. */
export function queueLag(world: World, input: { repo: string; entries: number }): void {
  repoNamed(world, input.repo).queueLag = input.entries;
}

/** Puts a pull request into the merge queue of its base; its group is built on those before it. */
export function enqueuePull(
  world: World,
  input: { repo: string; number: number; by?: string },
): { headSha: string; ref: string } {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const byId = actor(world, input.by ?? "admin").id;
  if (pull.queue !== null) throw new Error(`#${pull.number} is in the queue already`);
  const before = queued(repo, pull.baseRef).at(-1);
  const baseSha = before?.queue?.headSha ?? baseTip(repo, pull);
  const headSha = groupCommit(world, pull, baseSha);
  if (headSha === null) throw new Error(`#${pull.number} conflicts with the queue`);
  pull.queue = {
    id: world.nextId(),
    enqueuedAt: world.now(),
    enqueuerId: byId,
    position: (before?.queue?.position ?? 0) + 1,
    state: "AWAITING_CHECKS",
    headSha,
    baseSha,
  };
  mark(world, issue, { event: "added_to_merge_queue", actorId: byId });
  emitPull(world, repo, pull, "enqueued", byId);
  announce(world, repo, pull, byId, moveRef);
  return { headSha, ref: groupRef(pull, baseSha) };
}

/** Takes a pull request out again: `invalidated` when its checks failed, `dequeued` when somebody did. Those behind it are built anew. */
export function dequeuePull(
  world: World,
  input: { repo: string; number: number; by?: string; reason?: "invalidated" | "dequeued" },
): void {
  const repo = repoNamed(world, input.repo);
  const { pull } = pullNumbered(repo, input.number);
  const byId = actor(world, input.by ?? "admin").id;
  const group = input.reason ?? "dequeued";
  const because = { group, pull: group === "invalidated" ? "CI_FAILURE" : "MANUAL" } as const;
  leave(world, repo, pull, byId, because, moveRef);
  rebuildQueue(world, repo, pull.baseRef, moveRef);
}

/** Merges the group of a pull request into the base, with all before it, as the queue does when all required checks are green. */
export function mergeGroup(world: World, input: { repo: string; number: number }): { sha: string } {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const { queue } = pull;
  if (queue === null || queue.headSha === null)
    throw new Error(`#${pull.number} is not in the queue`);
  for (const before of queued(repo, pull.baseRef))
    if ((before.queue?.position ?? 0) < queue.position)
      mergeGroup(world, { repo: input.repo, number: before.number });
  const byId = actor(world, "github-merge-queue[bot]").id;
  emitGroup(world, repo, pull, "destroyed", byId, "merged");
  const ref = groupRef(pull, queue.baseSha ?? "");
  finishMerge(world, repo, pull, issue, queue.headSha, byId, "merge_queue_merge");
  moveRef(world, repo, ref, null, byId);
  return { sha: queue.headSha };
}
