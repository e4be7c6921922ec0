import { actor } from "../world/accounts.ts";
import { commitOf, fullName, repoNamed, resolveRef } from "../world/lookup.ts";
import { isAncestor } from "../git/history.ts";
import {
  writeBlob,
  writeCommit,
  type Entry,
  type Files,
  type Mode,
  type Signature,
} from "../git/objects.ts";
import type { Activity, Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { emit } from "../webhooks/emit.ts";
import { emitPush } from "../webhooks/push.ts";
import { baseDeleted } from "./base-deleted.ts";
import { baseForcePushed } from "./base-force-pushed.ts";
import { headMoved } from "./head-moved.ts";
import { mergedIndirectly } from "./indirect-merge.ts";
import { leave, rebuildQueue } from "./queue-groups.ts";

/** Text, or how the file is special; `null` deletes it; `{from}` moves another file here, with changed text if given. */
export type FileInput =
  | string
  | null
  | {
      readonly content?: string;
      readonly base64?: string;
      readonly mode?: Mode;
      readonly symlink?: string;
      readonly submodule?: string;
      readonly from?: string;
    };

export interface CommitInput {
  readonly repo: string;
  /** Made from the default branch where it does not exist. */
  readonly branch?: string;
  readonly files?: Readonly<Record<string, FileInput>>;
  readonly message?: string;
  readonly author?: string;
  readonly committer?: string;
  /** An e-mail address instead of the author's; one that nobody has is an unmapped author. */
  readonly authorEmail?: string;
  readonly committerEmail?: string;
  readonly coauthors?: readonly string[];
  readonly verified?: boolean;
  /** Author and committer date, epoch milliseconds; the server's own record keeps the real time. */
  readonly date?: number;
  /** Who pushes; the author unless given. */
  readonly pusher?: string;
  /** More parents: branch names or SHAs. */
  readonly merge?: readonly string[];
  /** Start from here instead of the branch's tip; with `force` the branch is rewritten. */
  readonly parent?: string;
  readonly force?: boolean;
  /** Write the commit only; a later `push` brings it in. */
  readonly push?: boolean;
}

function entry(world: World, before: Files, input: Exclude<FileInput, null>): Entry {
  if (typeof input === "string") return { sha: writeBlob(world.git, input), mode: "100644" };
  if (input.symlink !== undefined)
    return { sha: writeBlob(world.git, input.symlink), mode: "120000" };
  if (input.submodule !== undefined) return { sha: input.submodule, mode: "160000" };
  const from = input.from === undefined ? undefined : before.get(input.from);
  if (input.content === undefined && input.base64 === undefined && from !== undefined)
    return { sha: from.sha, mode: input.mode ?? from.mode };
  const bytes =
    input.base64 === undefined
      ? Buffer.from(input.content ?? "", "utf8")
      : Buffer.from(input.base64, "base64");
  return { sha: writeBlob(world.git, bytes), mode: input.mode ?? from?.mode ?? "100644" };
}

function changed(world: World, before: Files, files: Readonly<Record<string, FileInput>>): Files {
  const after = new Map(before);
  for (const [path, input] of Object.entries(files)) {
    if (input === null) after.delete(path);
    else {
      after.set(path, entry(world, before, input));
      if (typeof input === "object" && input.from !== undefined) after.delete(input.from);
    }
  }
  return after;
}

function signature(
  world: World,
  login: string,
  email: string | undefined,
  date: number,
): Signature {
  const account = actor(world, login);
  return {
    name: email === undefined ? (account.name ?? account.login) : (email.split("@")[0] ?? email),
    email: email ?? account.emails[0] ?? "",
    date,
  };
}

function record(
  world: World,
  repo: Repo,
  ref: string,
  before: string | null,
  after: string | null,
  byId: number,
): void {
  const none = "0".repeat(40);
  const kind: Activity["kind"] =
    before === null
      ? "branch_creation"
      : after === null
        ? "branch_deletion"
        : isAncestor(world.git, before, after)
          ? "push"
          : "force_push";
  repo.activity.push({
    id: world.nextId(),
    before: before ?? none,
    after: after ?? none,
    ref,
    at: world.now(),
    kind,
    actorId: byId,
  });
}

/** Moves a ref and tells everybody: activity, `create`, `push`, and the pull requests whose head this is. */
export function moveRef(
  world: World,
  repo: Repo,
  ref: string,
  after: string | null,
  byId: number,
  quiet?: { kind: Activity["kind"] },
): void {
  const before = repo.refs.get(ref) ?? null;
  if (before === after) return;
  if (after === null) repo.refs.delete(ref);
  else repo.refs.set(ref, after);
  repo.pushedAt = world.now();
  record(world, repo, ref, before, after, byId);
  const last = repo.activity.at(-1);
  if (quiet !== undefined && last !== undefined)
    repo.activity[repo.activity.length - 1] = { ...last, kind: quiet.kind };
  const short = ref.replace(/^refs\/(heads|tags)\//, "");
  const refType = ref.startsWith("refs/tags/") ? "tag" : "branch";
  if (before === null)
    emit(world, repo, "create", null, byId, {
      ref: short,
      ref_type: refType,
      master_branch: repo.defaultBranch,
      description: repo.description,
      pusher_type: "user",
    });
  if (after === null)
    emit(world, repo, "delete", null, byId, { ref: short, ref_type: refType, pusher_type: "user" });
  emitPush(world, repo, { ref, before, after, by: byId });
  if (before === null || after === null) return;
  if (ref.startsWith("refs/heads/") && !isAncestor(world.git, before, after))
    baseForcePushed(world, repo, short, before, after, byId);
  // What merges says so itself.
  if (ref.startsWith("refs/heads/") && quiet === undefined)
    mergedIndirectly(world, repo, short, before, after, byId);
  for (const pull of headMoved(world, repo, short, before, after, byId)) {
    if (pull.queue === null) continue;
    leave(world, repo, pull, byId, { group: "dequeued", pull: "MANUAL" }, moveRef);
    rebuildQueue(world, repo, pull.baseRef, moveRef);
  }
  if (ref.startsWith("refs/heads/")) rebuildQueue(world, repo, short, moveRef);
}

/** One commit on a branch, pushed. */
export function commit(world: World, input: CommitInput): { sha: string; treeSha: string } {
  const repo = repoNamed(world, input.repo);
  const branch = input.branch ?? repo.defaultBranch;
  const ref = `refs/heads/${branch}`;
  const start =
    input.parent ?? repo.refs.get(ref) ?? repo.refs.get(`refs/heads/${repo.defaultBranch}`) ?? null;
  const parent = start === null ? null : resolveRef(world, repo, start);
  const merged = (input.merge ?? []).flatMap((name) => resolveRef(world, repo, name) ?? []);
  const author = input.author ?? "admin";
  const date = input.date ?? world.now();
  const trailers = (input.coauthors ?? []).map((login) => {
    const account = actor(world, login);
    return `Co-authored-by: ${account.name ?? account.login} <${account.emails[0] ?? ""}>`;
  });
  const message =
    input.message ?? `Change ${Object.keys(input.files ?? {}).join(", ") || "nothing"}`;
  const made = writeCommit(world.git, {
    files: changed(
      world,
      parent === null ? new Map() : commitOf(world, parent).files,
      input.files ?? {},
    ),
    parents: [...(parent === null ? [] : [parent]), ...merged],
    message: trailers.length === 0 ? message : `${message}\n\n${trailers.join("\n")}`,
    author: signature(world, author, input.authorEmail, date),
    committer: signature(
      world,
      input.committer ?? author,
      input.committerEmail ?? (input.committer === undefined ? input.authorEmail : undefined),
      date,
    ),
    verified: input.verified ?? false,
  });
  if (input.push !== false)
    push(world, {
      repo: input.repo,
      branch,
      sha: made.sha,
      by: input.pusher ?? author,
      force: input.force ?? false,
    });
  return { sha: made.sha, treeSha: made.treeSha };
}

/** Moves a branch to a commit. Without `force` only forwards, as git does. */
export function push(
  world: World,
  input: { repo: string; branch: string; sha: string; by?: string; force?: boolean },
): void {
  const repo = repoNamed(world, input.repo);
  const ref = `refs/heads/${input.branch}`;
  const before = repo.refs.get(ref);
  if (before !== undefined && input.force !== true && !isAncestor(world.git, before, input.sha)) {
    throw new Error(
      `${fullName(world, repo)}: ${input.branch} would not move forward; say force: true`,
    );
  }
  moveRef(world, repo, ref, input.sha, actor(world, input.by ?? "admin").id);
}

export function createBranch(
  world: World,
  input: { repo: string; branch: string; from?: string; by?: string },
): { sha: string } {
  const repo = repoNamed(world, input.repo);
  const sha = resolveRef(world, repo, input.from ?? repo.defaultBranch);
  if (sha === null) throw new Error(`nothing called "${input.from}" in ${input.repo}`);
  moveRef(world, repo, `refs/heads/${input.branch}`, sha, actor(world, input.by ?? "admin").id);
  return { sha };
}

export function deleteBranch(
  world: World,
  input: {
    repo: string;
    branch: string;
    by?: string;
    /** Pull requests onto it are moved to another base, and no `edited` tells of it. */
    quiet?: boolean;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const byId = actor(world, input.by ?? "admin").id;
  moveRef(world, repo, `refs/heads/${input.branch}`, null, byId);
  baseDeleted(world, repo, input.branch, byId, input.quiet ?? false);
}

/** Makes or moves a tag. */
export function tag(
  world: World,
  input: { repo: string; tag: string; at?: string; by?: string },
): { sha: string } {
  const repo = repoNamed(world, input.repo);
  const sha = resolveRef(world, repo, input.at ?? repo.defaultBranch);
  if (sha === null) throw new Error(`nothing called "${input.at}" in ${input.repo}`);
  moveRef(world, repo, `refs/tags/${input.tag}`, sha, actor(world, input.by ?? "admin").id);
  return { sha };
}
