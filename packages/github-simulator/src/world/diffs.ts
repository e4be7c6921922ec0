import { compareTrees, type ChangedFile } from "../git/compare.ts";
import { commitsBetween, isAncestor, mergeBase } from "../git/history.ts";
import { mergeTrees } from "../git/merge.ts";
import { writeCommit, type Commit, type ObjectStore } from "../git/objects.ts";
import { commitOf } from "./lookup.ts";
import type { Pull } from "./pulls.ts";
import type { Repo } from "./repositories.ts";
import type { World } from "./world.ts";

interface Range {
  readonly mergeBase: string;
  readonly files: readonly ChangedFile[];
  readonly commits: readonly Commit[];
}

const ranges = new WeakMap<ObjectStore, Map<string, Range>>();

/** Three-dot comparison: what `head` changed since it left `base`. Remembered, as commits never change. */
export function rangeOf(world: World, base: string, head: string): Range {
  let known = ranges.get(world.git);
  if (known === undefined) {
    known = new Map();
    ranges.set(world.git, known);
  }
  const key = `${base}...${head}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const ancestor = mergeBase(world.git, base, head);
  const before = ancestor === null ? new Map() : commitOf(world, ancestor).files;
  const range = {
    mergeBase: ancestor ?? base,
    files: compareTrees(world.git, before, commitOf(world, head).files),
    commits: commitsBetween(world.git, base, head),
  };
  if (known.size > 5000) known.clear();
  known.set(key, range);
  return range;
}

const own = new WeakMap<Commit, readonly ChangedFile[]>();

/** What one commit changed against its first parent. */
export function ownChanges(world: World, commit: Commit): readonly ChangedFile[] {
  const found = own.get(commit);
  if (found !== undefined) return found;
  const parent = commit.parents[0];
  const changes = compareTrees(
    world.git,
    parent === undefined ? new Map() : commitOf(world, parent).files,
    commit.files,
  );
  own.set(commit, changes);
  return changes;
}

export function baseTip(repo: Repo, pull: Pull): string {
  return (pull.merged ? undefined : repo.refs.get(`refs/heads/${pull.baseRef}`)) ?? pull.baseSha;
}

/** What a pull request changes, against the present tip of its base. */
export function pullRange(world: World, repo: Repo, pull: Pull): Range {
  return rangeOf(world, baseTip(repo, pull), pull.headSha);
}

const merges = new WeakMap<ObjectStore, Map<string, Commit | null>>();

/** The commit `refs/pull/N/merge` points to; `null` when it would conflict. Remembered: it is asked for with every answer. */
export function testMerge(world: World, repo: Repo, pull: Pull): Commit | null {
  const base = baseTip(repo, pull);
  const known = merges.get(world.git) ?? new Map<string, Commit | null>();
  merges.set(world.git, known);
  const key = `${base} ${pull.headSha}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const merged = mergeCommit(world, base, pull);
  known.set(key, merged);
  return merged;
}

function mergeCommit(world: World, base: string, pull: Pull): Commit | null {
  const ancestor = mergeBase(world.git, base, pull.headSha);
  if (ancestor === null) return null;
  const files = mergeTrees(
    world.git,
    commitOf(world, ancestor).files,
    commitOf(world, base).files,
    commitOf(world, pull.headSha).files,
  );
  if (files === null) return null;
  const head = commitOf(world, pull.headSha);
  const by = {
    name: "GitHub",
    email: "noreply@github.com",
    date: Math.max(head.committer.date, commitOf(world, base).committer.date),
  };
  return writeCommit(world.git, {
    files,
    parents: [base, pull.headSha],
    message: `Merge ${pull.headSha} into ${base}`,
    author: head.author,
    committer: by,
    verified: true,
  });
}

export type Mergeability = "clean" | "dirty" | "behind" | "draft" | "unknown";

export function mergeability(world: World, repo: Repo, pull: Pull): Mergeability {
  if (pull.merged) return "unknown";
  if (testMerge(world, repo, pull) === null) return "dirty";
  if (pull.draft) return "draft";
  return isAncestor(world.git, baseTip(repo, pull), pull.headSha) ? "clean" : "behind";
}

/** Whether the commit is of the pull request: its own, or one that its merge made of them on the base branch. */
export function isOfPull(
  world: World,
  pull: Pick<Pull, "baseSha" | "headSha" | "mergeCommitSha">,
  sha: string,
): boolean {
  const { baseSha, headSha, mergeCommitSha } = pull;
  return (
    mergeCommitSha === sha ||
    [headSha, ...(mergeCommitSha === null ? [] : [mergeCommitSha])].some((end) =>
      rangeOf(world, baseSha, end).commits.some((one) => one.sha === sha),
    )
  );
}
