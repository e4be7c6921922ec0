import { accountOf, actor } from "../world/accounts.ts";
import { fullName, pullNumbered, repoNamed, resolveRef } from "../world/lookup.ts";
import type { Pull } from "../world/pulls.ts";
import type { World } from "../world/world.ts";
import { user } from "../render/account.ts";
import { team } from "../render/team.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { commit, createBranch, type FileInput } from "./commits.ts";
import { requestSuite } from "./head-moved.ts";
import { newIssue } from "./issues.ts";
import { mark } from "./timeline.ts";

export interface OpenPullInput {
  readonly repo: string;
  readonly title?: string;
  readonly body?: string;
  /** `null`: the account is gone (ghost). */
  readonly author?: string | null;
  /** Head branch; made from the base where it does not exist. */
  readonly head?: string;
  /** `owner/name` of the fork the head is in. */
  readonly headRepo?: string;
  readonly base?: string;
  /** Commits these files to the head first. */
  readonly files?: Readonly<Record<string, FileInput>>;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
  readonly verified?: boolean;
  /** Issues that merging closes. */
  readonly closes?: readonly number[];
}

export interface PullView {
  readonly number: number;
  readonly id: number;
  readonly headSha: string;
  readonly baseSha: string;
}

function view(pull: Pull): PullView {
  return { number: pull.number, id: pull.id, headSha: pull.headSha, baseSha: pull.baseSha };
}

/** Opens a pull request, from a branch or from a fork; branch and commit are made where they are missing. */
export function openPull(world: World, input: OpenPullInput): PullView {
  const repo = repoNamed(world, input.repo);
  const headRepo = repoNamed(world, input.headRepo ?? input.repo);
  const author = input.author ?? "author";
  const base = input.base ?? repo.defaultBranch;
  const head = input.head ?? `change-${repo.nextNumber}`;
  if (!headRepo.refs.has(`refs/heads/${head}`))
    createBranch(world, {
      repo: fullName(world, headRepo),
      branch: head,
      from: repo.refs.get(`refs/heads/${base}`) ?? base,
      by: author,
    });
  if (input.files !== undefined) {
    commit(world, {
      repo: fullName(world, headRepo),
      branch: head,
      files: input.files,
      author,
      message: input.title ?? "Change",
      verified: input.verified ?? false,
    });
  }
  const headSha = headRepo.refs.get(`refs/heads/${head}`);
  const baseSha = resolveRef(world, repo, base);
  if (headSha === undefined || baseSha === null)
    throw new Error(`no branch ${base} in ${input.repo}`);
  const authorId = input.author === null ? null : actor(world, author).id;
  const issue = newIssue(world, repo, {
    title: input.title ?? "Change",
    body: input.body ?? null,
    authorId,
    isPull: true,
    labels: input.labels ?? [],
  });
  const pull: Pull = {
    id: world.nextId(),
    number: issue.number,
    headRepoId: headRepo.id,
    headLabel: `${accountOf(world, headRepo.ownerId).login}:${head}`,
    headRef: head,
    headSha,
    baseRef: base,
    baseSha,
    draft: input.draft ?? false,
    merged: false,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    reviews: [],
    threads: [],
    requestedReviewerIds: [],
    requestedTeamIds: [],
    autoMerge: null,
    queue: null,
    closingIssues: [...(input.closes ?? [])],
  };
  repo.pulls.set(pull.number, pull);
  requestSuite(world, repo, headSha);
  emitPull(world, repo, pull, "opened", authorId);
  return view(pull);
}

export interface EditPullInput {
  readonly repo: string;
  readonly number: number;
  readonly title?: string;
  readonly body?: string;
  /** Another base branch: a retarget. */
  readonly base?: string;
  readonly by?: string;
}

/** Edits title, body or base; one `edited` with what it was before. */
export function editPull(world: World, input: EditPullInput): PullView {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const byId = input.by === undefined ? issue.authorId : actor(world, input.by).id;
  const changes: Record<string, unknown> = {};
  if (input.title !== undefined && input.title !== issue.title) {
    changes["title"] = { from: issue.title };
    mark(world, issue, {
      event: "renamed",
      actorId: byId,
      rename: { from: issue.title, to: input.title },
    });
    issue.title = input.title;
  }
  if (input.body !== undefined && input.body !== issue.body) {
    changes["body"] = { from: issue.body ?? "" };
    issue.body = input.body;
    issue.editedAt = world.now();
    issue.editorId = byId;
  }
  if (input.base !== undefined && input.base !== pull.baseRef) {
    if (pull.queue !== null) throw new Error(`#${pull.number} is queued for its base`);
    changes["base"] = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    mark(world, issue, {
      event: "base_ref_changed",
      actorId: byId,
      previousBase: pull.baseRef,
      currentBase: input.base,
    });
    pull.baseRef = input.base;
    const sha = resolveRef(world, repo, input.base);
    if (sha === null) throw new Error(`no branch ${input.base} in ${input.repo}`);
    pull.baseSha = sha;
  }
  issue.updatedAt = world.now();
  emitPull(world, repo, pull, "edited", byId, { changes });
  return view(pull);
}

/** Asks people or teams for a review. */
export function requestReview(
  world: World,
  input: {
    repo: string;
    number: number;
    users?: readonly string[];
    teams?: readonly string[];
    by?: string;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const { pull, issue } = pullNumbered(repo, input.number);
  const byId = input.by === undefined ? issue.authorId : actor(world, input.by).id;
  for (const login of input.users ?? []) {
    const person = actor(world, login);
    pull.requestedReviewerIds = [...new Set([...pull.requestedReviewerIds, person.id])];
    emitPull(world, repo, pull, "review_requested", byId, {
      requested_reviewer: user(world, person),
    });
  }
  for (const one of world.teams.values()) {
    if (one.orgId !== repo.ownerId || input.teams?.includes(one.slug) !== true) continue;
    pull.requestedTeamIds = [...new Set([...pull.requestedTeamIds, one.id])];
    emitPull(world, repo, pull, "review_requested", byId, { requested_team: team(world, one) });
  }
}
