import { actor } from "../world/accounts.ts";
import { baseTip, pullRange, testMerge } from "../world/diffs.ts";
import { commitOf, fullName, pullNumbered, repoNamed } from "../world/lookup.ts";
import { mergeBase } from "../git/history.ts";
import { mergeTrees } from "../git/merge.ts";
import { writeBlob, writeCommit } from "../git/objects.ts";
import type { Issue } from "../world/issues.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { moveRef, push } from "./commits.ts";
import { setIssueState } from "./issues.ts";
import { leave, rebuildQueue, type LeaveReason } from "./queue-groups.ts";
import { mark } from "./timeline.ts";

interface Named {
  readonly repo: string;
  readonly number: number;
  readonly by?: string;
}

function found(world: World, input: Named): { repo: Repo; pull: Pull; issue: Issue; byId: number } {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const byId =
    input.by === undefined
      ? (issue.authorId ?? actor(world, "admin").id)
      : actor(world, input.by).id;
  return { repo, pull, issue, byId };
}

function leaveQueue(world: World, repo: Repo, pull: Pull, byId: number, reason: LeaveReason): void {
  if (pull.queue === null) return;
  leave(world, repo, pull, byId, { group: "dequeued", pull: reason }, moveRef);
  rebuildQueue(world, repo, pull.baseRef, moveRef);
}

export function closePull(world: World, input: Named): void {
  const { repo, pull, issue, byId } = found(world, input);
  if (issue.state === "closed") return;
  leaveQueue(world, repo, pull, byId, "MANUAL");
  issue.state = "closed";
  issue.closedAt = world.now();
  issue.closedById = byId;
  issue.updatedAt = world.now();
  mark(world, issue, { event: "closed", actorId: byId });
  emitPull(world, repo, pull, "closed", byId);
}

export function reopenPull(world: World, input: Named): void {
  const { repo, pull, issue, byId } = found(world, input);
  if (pull.merged) throw new Error(`#${pull.number} was merged: nobody opens it again`);
  if (issue.state === "open") return;
  issue.state = "open";
  issue.closedAt = null;
  issue.closedById = null;
  issue.updatedAt = world.now();
  mark(world, issue, { event: "reopened", actorId: byId });
  emitPull(world, repo, pull, "reopened", byId);
}

export function markDraft(world: World, input: Named): void {
  const { repo, pull, issue, byId } = found(world, input);
  pull.draft = true;
  mark(world, issue, { event: "convert_to_draft", actorId: byId });
  emitPull(world, repo, pull, "converted_to_draft", byId);
}

export function markReady(world: World, input: Named): void {
  const { repo, pull, issue, byId } = found(world, input);
  pull.draft = false;
  mark(world, issue, { event: "ready_for_review", actorId: byId });
  emitPull(world, repo, pull, "ready_for_review", byId);
}

export interface MergeInput extends Named {
  readonly method?: "merge" | "squash" | "rebase";
}

function mergedTip(
  world: World,
  repo: Repo,
  pull: Pull,
  issue: Issue,
  method: "merge" | "squash" | "rebase",
  byId: number,
): string {
  const base = baseTip(repo, pull);
  const clean = testMerge(world, repo, pull);
  if (clean === null)
    throw new Error(`${fullName(world, repo)}#${pull.number} conflicts with ${pull.baseRef}`);
  const github = { name: "GitHub", email: "noreply@github.com", date: world.now() };
  const account = actor(
    world,
    [...world.accounts.values()].find((one) => one.id === byId)?.login ?? "admin",
  );
  const person = {
    name: account.name ?? account.login,
    email: account.emails[0] ?? "",
    date: world.now(),
  };
  switch (method) {
    case "merge":
      return writeCommit(world.git, {
        files: clean.files,
        parents: [base, pull.headSha],
        message: `Merge pull request #${pull.number} from ${pull.headLabel.replace(":", "/")}\n\n${issue.title}`,
        author: person,
        committer: github,
        verified: true,
      }).sha;
    case "squash": {
      const { author } = commitOf(world, pull.headSha);
      return writeCommit(world.git, {
        files: clean.files,
        parents: [base],
        message: `${issue.title} (#${pull.number})`,
        author: { ...author, date: world.now() },
        committer: github,
        verified: true,
      }).sha;
    }
    case "rebase": {
      let tip = base;
      for (const one of pullRange(world, repo, pull).commits) {
        const parent = one.parents[0];
        const files =
          parent === undefined
            ? one.files
            : mergeTrees(
                world.git,
                commitOf(world, parent).files,
                commitOf(world, tip).files,
                one.files,
              );
        if (files === null || one.parents.length > 1) continue;
        tip = writeCommit(world.git, {
          files,
          parents: [tip],
          message: one.message,
          author: one.author,
          committer: { ...person, date: world.now() },
          verified: false,
        }).sha;
      }
      return tip;
    }
  }
}

/** Merges, whatever any check says: who may do that is not the simulator's business. */
export function mergePull(world: World, input: MergeInput): { sha: string } {
  const { repo, pull, issue, byId } = found(world, input);
  const sha = mergedTip(world, repo, pull, issue, input.method ?? "merge", byId);
  leaveQueue(world, repo, pull, byId, "ALREADY_MERGED");
  finishMerge(world, repo, pull, issue, sha, byId, "pr_merge");
  return { sha };
}

export function finishMerge(
  world: World,
  repo: Repo,
  pull: Pull,
  issue: Issue,
  sha: string,
  byId: number,
  kind: "pr_merge" | "merge_queue_merge",
): void {
  pull.baseSha = baseTip(repo, pull);
  pull.merged = true;
  pull.mergedAt = world.now();
  pull.mergedById = byId;
  pull.mergeCommitSha = sha;
  pull.queue = null;
  issue.state = "closed";
  issue.closedAt = world.now();
  issue.closedById = byId;
  issue.updatedAt = world.now();
  mark(world, issue, { event: "merged", actorId: byId, commitSha: sha });
  mark(world, issue, { event: "closed", actorId: byId });
  moveRef(world, repo, `refs/heads/${pull.baseRef}`, sha, byId, { kind });
  emitPull(world, repo, pull, "closed", byId);
  for (const number of pull.closingIssues) {
    if (repo.issues.has(number))
      setIssueState(world, {
        repo: fullName(world, repo),
        number,
        state: "closed",
        by: actor(
          world,
          [...world.accounts.values()].find((one) => one.id === byId)?.login ?? "admin",
        ).login,
      });
  }
}

/** The "Update branch" button: the base merged into the head. `files` are edits slipped into the merge commit. */
export function updateBranch(
  world: World,
  input: Named & { files?: Readonly<Record<string, string>> },
): { sha: string } {
  const { repo, pull, byId } = found(world, input);
  const headRepo = pull.headRepoId === null ? undefined : world.repos.get(pull.headRepoId);
  if (headRepo === undefined) throw new Error("the head repository is gone");
  const base = baseTip(repo, pull);
  const ancestor = mergeBase(world.git, base, pull.headSha);
  const merged = mergeTrees(
    world.git,
    ancestor === null ? new Map() : commitOf(world, ancestor).files,
    commitOf(world, pull.headSha).files,
    commitOf(world, base).files,
  );
  const files = new Map(merged ?? commitOf(world, pull.headSha).files);
  for (const [path, content] of Object.entries(input.files ?? {})) {
    files.set(path, {
      sha: writeBlob(world.git, content),
      mode: files.get(path)?.mode ?? "100644",
    });
  }
  const account = [...world.accounts.values()].find((one) => one.id === byId);
  const person = {
    name: account?.name ?? account?.login ?? "",
    email: account?.emails[0] ?? "",
    date: world.now(),
  };
  const made = writeCommit(world.git, {
    files,
    parents: [pull.headSha, base],
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
    author: person,
    committer: { name: "GitHub", email: "noreply@github.com", date: world.now() },
    verified: true,
  });
  push(world, {
    repo: fullName(world, headRepo),
    branch: pull.headRef,
    sha: made.sha,
    by: account?.login ?? "admin",
  });
  return { sha: made.sha };
}
