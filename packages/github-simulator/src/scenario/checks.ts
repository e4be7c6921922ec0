import { actor, accountOf, appOf } from "../world/accounts.ts";
import { repoNamed, resolveRef } from "../world/lookup.ts";
import {
  changeCheckRun,
  createCheckRun,
  suiteFor,
  type CheckChange,
} from "../world/check-writes.ts";
import { githubActionsAppId } from "../world/create.ts";
import { suiteState } from "../render/check.ts";
import type { Annotation, Status } from "../world/checks.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { commit } from "../render/commit.ts";
import { iso } from "../render/account.ts";
import { repoUrl } from "../render/repository.ts";
import { emitCheckRun, emitCheckSuite } from "../webhooks/checks.ts";
import { emit } from "../webhooks/emit.ts";
import { app as ensureApp } from "./installations.ts";

export interface CheckRunInput {
  readonly repo: string;
  /** Branch, pull-request head or SHA. */
  readonly sha: string;
  readonly name: string;
  /** Slug or id; `github-actions` unless given. With it and no job behind it, this is the forged kind. */
  readonly app?: string | number;
  /** With `github-actions`: the workflow run in whose suite it lands, as what a GITHUB_TOKEN makes does. */
  readonly run?: number;
  readonly status?: "queued" | "in_progress" | "completed";
  readonly conclusion?: string;
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
  readonly detailsUrl?: string;
  readonly annotations?: readonly Annotation[];
  /** Changes the newest run of that name instead of making another. */
  readonly update?: boolean;
}

function appIdOf(world: World, given: string | number | undefined): number {
  if (given === undefined) return githubActionsAppId;
  return typeof given === "number"
    ? (world.apps.get(given)?.id ?? ensureApp(world, { slug: `app-${given}`, id: given }).id)
    : ensureApp(world, { slug: given }).id;
}

export function shaNamed(world: World, repo: Repo, name: string): string {
  const sha = resolveRef(world, repo, name);
  if (sha === null) throw new Error(`nothing called "${name}" in ${repo.name}`);
  return sha;
}

/** Tells of a suite that its last run has completed. */
export function suiteMoved(world: World, repo: Repo, suiteId: number): void {
  const suite = repo.suites.get(suiteId);
  if (suite === undefined) return;
  suite.updatedAt = world.now();
  if (suiteState(repo, suite).status === "completed")
    emitCheckSuite(world, repo, suite, "completed");
}

/** A check run of any App: no workflow run stands behind it (see `workflowRun` for real ones). */
export function checkRun(world: World, input: CheckRunInput): { id: number; suiteId: number } {
  const repo = repoNamed(world, input.repo);
  const headSha = shaNamed(world, repo, input.sha);
  const appId = appIdOf(world, input.app);
  const senderId = appOf(world, appId).botId;
  const conclusion = input.conclusion ?? (input.status === undefined ? "success" : undefined);
  const change: CheckChange = {
    status: input.status ?? "completed",
    ...(conclusion === undefined ? {} : { conclusion }),
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.summary === undefined ? {} : { summary: input.summary }),
    ...(input.text === undefined ? {} : { text: input.text }),
    ...(input.detailsUrl === undefined ? {} : { detailsUrl: input.detailsUrl }),
    ...(input.annotations === undefined ? {} : { annotations: input.annotations }),
  };
  const known =
    input.update === true
      ? [...repo.checkRuns.values()]
          .filter(
            (one) => one.name === input.name && one.appId === appId && one.headSha === headSha,
          )
          .at(-1)
      : undefined;
  if (known !== undefined) {
    changeCheckRun(world, known, change);
    if (known.status === "completed") emitCheckRun(world, repo, known, "completed", senderId);
    suiteMoved(world, repo, known.suiteId);
    return { id: known.id, suiteId: known.suiteId };
  }
  const made = createCheckRun(world, repo, {
    appId,
    headSha,
    name: input.name,
    change,
    ...(input.run === undefined ? {} : { runId: input.run }),
  });
  emitCheckRun(world, repo, made, "created", senderId);
  if (made.status === "completed") {
    emitCheckRun(world, repo, made, "completed", senderId);
    suiteMoved(world, repo, made.suiteId);
  }
  return { id: made.id, suiteId: made.suiteId };
}

/** Somebody presses a button of a check run (`identifier`), or "Re-run" without one. */
export function pressCheck(
  world: World,
  input: { repo: string; id: number; by: string; identifier?: string },
): void {
  const repo = repoNamed(world, input.repo);
  const run = repo.checkRuns.get(input.id);
  if (run === undefined) throw new Error(`no check run ${input.id} in ${input.repo}`);
  const byId = actor(world, input.by).id;
  if (input.identifier === undefined) emitCheckRun(world, repo, run, "rerequested", byId);
  else
    emitCheckRun(world, repo, run, "requested_action", byId, {
      requested_action: { identifier: input.identifier },
    });
}

/** "Re-run all checks" of the App's suite on a commit. */
export function rerequestSuite(
  world: World,
  input: { repo: string; sha: string; by: string },
): void {
  const repo = repoNamed(world, input.repo);
  emitCheckSuite(
    world,
    repo,
    suiteFor(world, repo, world.appId, shaNamed(world, repo, input.sha)),
    "rerequested",
    actor(world, input.by).id,
  );
}

export interface StatusInput {
  readonly repo: string;
  readonly sha: string;
  readonly context: string;
  readonly state: Status["state"];
  readonly by?: string;
  readonly description?: string;
  readonly targetUrl?: string;
}

export function setStatus(world: World, input: StatusInput): { id: number } {
  const repo = repoNamed(world, input.repo);
  const sha = shaNamed(world, repo, input.sha);
  const creatorId = actor(world, input.by ?? "ci").id;
  const made: Status = {
    id: world.nextId(),
    sha,
    context: input.context,
    state: input.state,
    description: input.description ?? null,
    targetUrl: input.targetUrl ?? null,
    creatorId,
    createdAt: world.now(),
  };
  repo.statuses.push(made);
  const value = world.git.commits.get(sha);
  const branches = [...repo.refs]
    .filter(([name, at]) => at === sha && name.startsWith("refs/heads/"))
    .map(([name]) => ({
      name: name.slice(11),
      commit: { sha, url: `${repoUrl(world, repo)}/commits/${sha}` },
      protected: false,
    }));
  emit(world, repo, "status", null, creatorId, {
    id: made.id,
    sha,
    name: `${accountOf(world, repo.ownerId).login}/${repo.name}`,
    target_url: made.targetUrl,
    avatar_url: null,
    context: made.context,
    description: made.description,
    state: made.state,
    commit: value === undefined ? null : commit(world, repo, value),
    branches,
    created_at: iso(made.createdAt),
    updated_at: iso(made.createdAt),
  });
  return { id: made.id };
}
