import { mergeBase } from "../git/history.ts";
import { mergeTrees } from "../git/merge.ts";
import { writeCommit } from "../git/objects.ts";
import { simpleCommit } from "../render/commit.ts";
import { emit } from "../webhooks/emit.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { actor } from "../world/accounts.ts";
import { commitOf, pullNumbered } from "../world/lookup.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { requestSuite } from "./head-moved.ts";
import { mark } from "./timeline.ts";

/** How a ref is moved; what moves refs is above what is built on them. */
type MoveRef = (
  world: World,
  repo: Repo,
  ref: string,
  after: string | null,
  byId: number,
) => unknown;

export function queued(repo: Repo, base: string): Pull[] {
  return [...repo.pulls.values()]
    .filter((pull) => pull.queue !== null && pull.baseRef === base)
    .sort((a, b) => (a.queue?.position ?? 0) - (b.queue?.position ?? 0));
}

export const groupRef = (pull: Pull, baseSha: string): string =>
  `refs/heads/gh-readonly-queue/${pull.baseRef}/pr-${pull.number}-${baseSha}`;

export function emitGroup(
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

/** The commit of a group: the pull request merged into what comes before it; null where they conflict. */
export function groupCommit(world: World, pull: Pull, onto: string): string | null {
  const ancestor = mergeBase(world.git, onto, pull.headSha);
  const files =
    ancestor === null
      ? null
      : mergeTrees(
          world.git,
          commitOf(world, ancestor).files,
          commitOf(world, onto).files,
          commitOf(world, pull.headSha).files,
        );
  if (files === null) return null;
  return writeCommit(world.git, {
    files,
    parents: [onto, pull.headSha],
    message: `Merge pull request #${pull.number}`,
    author: commitOf(world, pull.headSha).author,
    committer: { name: "GitHub", email: "noreply@github.com", date: world.now() },
    verified: true,
  }).sha;
}

/** Shows a group's branch and asks for its checks. */
export function announce(
  world: World,
  repo: Repo,
  pull: Pull,
  byId: number,
  moveRef: MoveRef,
): void {
  const { headSha, baseSha } = pull.queue ?? { headSha: null, baseSha: null };
  if (headSha === null || baseSha === null) return;
  moveRef(world, repo, groupRef(pull, baseSha), headSha, byId);
  requestSuite(world, repo, headSha);
  emitGroup(world, repo, pull, "checks_requested", byId);
}

export type LeaveReason = "CI_FAILURE" | "MANUAL" | "MERGE_CONFLICT" | "ALREADY_MERGED";

/** Takes a pull request and its group out of the queue; those behind it are not touched. */
export function leave(
  world: World,
  repo: Repo,
  pull: Pull,
  byId: number,
  because: { readonly group: "invalidated" | "dequeued"; readonly pull: LeaveReason },
  moveRef: MoveRef,
): void {
  if (pull.queue === null) return;
  emitGroup(world, repo, pull, "destroyed", byId, because.group);
  const ref = groupRef(pull, pull.queue.baseSha ?? "");
  pull.queue = null;
  moveRef(world, repo, ref, null, byId);
  mark(world, pullNumbered(repo, pull.number).issue, {
    event: "removed_from_merge_queue",
    actorId: byId,
  });
  emitPull(world, repo, pull, "dequeued", byId, { reason: because.pull });
}

/**
 * Each group stands on the one before it and the first on the base: where that is so no more, because somebody left or
 * the base went on without the queue, GitHub throws the groups away and builds them anew.
 */
export function rebuildQueue(world: World, repo: Repo, base: string, moveRef: MoveRef): void {
  const byId = actor(world, "github-merge-queue[bot]").id;
  let onto = repo.refs.get(`refs/heads/${base}`) ?? null;
  for (const pull of queued(repo, base)) {
    if (pull.queue === null || pull.queue.baseSha === onto) {
      onto = pull.queue?.headSha ?? onto;
      continue;
    }
    const head = onto === null ? null : groupCommit(world, pull, onto);
    if (onto === null || head === null) {
      leave(world, repo, pull, byId, { group: "invalidated", pull: "MERGE_CONFLICT" }, moveRef);
      continue;
    }
    emitGroup(world, repo, pull, "destroyed", byId, "invalidated");
    const old = groupRef(pull, pull.queue.baseSha ?? "");
    pull.queue = { ...pull.queue, state: "AWAITING_CHECKS", headSha: head, baseSha: onto };
    moveRef(world, repo, old, null, byId);
    announce(world, repo, pull, byId, moveRef);
    onto = head;
  }
}
