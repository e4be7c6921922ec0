import { createHash } from "node:crypto";
import { actor } from "../world/accounts.ts";
import { suiteFor } from "../world/check-writes.ts";
import { githubActionsAppId } from "../world/create.ts";
import { commitOf, repoNamed } from "../world/lookup.ts";
import { writeZip } from "../git/zip.ts";
import type { Artifact, Workflow, WorkflowRun } from "../world/actions.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { shaNamed } from "./checks.ts";
import { dropGates, openGate } from "./gates.ts";
import { addJob, emitRun, jobsOf, moveJob, endRun, settleRun, type JobInput } from "./jobs.ts";

/** An artifact: files by name (text, or base64 in an object), or the whole archive. */
export type ArtifactInput =
  Readonly<Record<string, string | { readonly base64: string }>> | { readonly zipBase64: string };

export interface WorkflowRunInput {
  readonly repo: string;
  readonly sha: string;
  /** Path of the workflow file (default `.github/workflows/ci.yml`). */
  readonly path?: string;
  readonly name?: string;
  readonly event?: string;
  readonly branch?: string | null;
  readonly headRepo?: string;
  readonly actor?: string;
  /** Jobs by name (completed, success) or in detail. */
  readonly jobs: readonly (string | JobInput)[];
  readonly artifacts?: Readonly<Record<string, ArtifactInput>>;
  readonly referencedWorkflows?: WorkflowRun["referencedWorkflows"];
  /** Ends the run before it has a job: its file is broken, or somebody has to approve it (`approveRun`). */
  readonly conclusion?: "startup_failure" | "action_required";
}

export interface RunView {
  readonly id: number;
  readonly suiteId: number;
  readonly jobs: readonly {
    readonly id: number;
    readonly name: string;
    readonly checkRunId: number;
  }[];
  readonly artifacts: readonly { readonly id: number; readonly name: string }[];
}

function workflowFor(world: World, repo: Repo, path: string, name: string): Workflow {
  const known = repo.workflows.get(path);
  if (known !== undefined) return known;
  const made: Workflow = { id: world.nextId(), path, name, createdAt: world.now() };
  repo.workflows.set(path, made);
  return made;
}

function archive(input: ArtifactInput): Buffer {
  if ("zipBase64" in input && typeof input["zipBase64"] === "string")
    return Buffer.from(input["zipBase64"], "base64");
  return writeZip(
    Object.entries(input).map(([name, value]) => ({
      name,
      content:
        typeof value === "string"
          ? Buffer.from(value, "utf8")
          : Buffer.from(value.base64, "base64"),
    })),
  );
}

export function addArtifact(
  world: World,
  input: { repo: string; run: number; name: string; files: ArtifactInput; expired?: boolean },
): { id: number; digest: string } {
  const repo = repoNamed(world, input.repo);
  const zip = archive(input.files);
  const made: Artifact = {
    id: world.nextId(),
    runId: input.run,
    name: input.name,
    zip,
    digest: `sha256:${createHash("sha256").update(zip).digest("hex")}`,
    createdAt: world.now(),
    expired: input.expired ?? false,
  };
  repo.artifacts.set(made.id, made);
  return { id: made.id, digest: made.digest };
}

/** A run by `pull_request` belongs to the branch that is proposed, whatever else points to the commit. */
const branchOfPull = (repo: Repo, event: string, headSha: string): string | undefined =>
  event.startsWith("pull_request")
    ? [...repo.pulls.values()].find((pull) => pull.headSha === headSha)?.headRef
    : undefined;

/** A run record without jobs; `workflowRun` and `deploy` fill it. */
export function startRun(
  world: World,
  repo: Repo,
  input: Omit<WorkflowRunInput, "jobs" | "artifacts">,
): WorkflowRun {
  const headSha = shaNamed(world, repo, input.sha);
  const path = input.path ?? ".github/workflows/ci.yml";
  const workflow = workflowFor(
    world,
    repo,
    path,
    input.name ??
      path
        .split("/")
        .at(-1)
        ?.replace(/\.ya?ml$/, "") ??
      path,
  );
  const id = world.nextId();
  const suite = suiteFor(world, repo, githubActionsAppId, headSha, id);
  const actorId = actor(world, input.actor ?? "admin").id;
  const now = world.now();
  const event = input.event ?? "pull_request";
  const run: WorkflowRun = {
    id,
    workflowId: workflow.id,
    suiteId: suite.id,
    runNumber: [...repo.runs.values()].filter((one) => one.path === path).length + 1,
    attempt: 1,
    event,
    headSha,
    headBranch:
      input.branch === undefined
        ? (branchOfPull(repo, event, headSha) ?? suite.headBranch)
        : input.branch,
    headRepoId: input.headRepo === undefined ? repo.id : repoNamed(world, input.headRepo).id,
    path,
    name: workflow.name,
    title: commitOf(world, headSha).message.split("\n")[0] ?? "",
    status: "queued",
    conclusion: null,
    actorId,
    triggeringActorId: actorId,
    createdAt: now,
    updatedAt: now,
    startedAt: now,
    referencedWorkflows: input.referencedWorkflows ?? [],
    later: [],
    answers: [],
  };
  repo.runs.set(run.id, run);
  emitRun(world, repo, run, "requested");
  return run;
}

/** A real Actions run: workflow, suite, jobs with their check runs, artifacts. */
export function workflowRun(world: World, input: WorkflowRunInput): RunView {
  const repo = repoNamed(world, input.repo);
  const run = startRun(world, repo, input);
  const artifacts = Object.entries(input.artifacts ?? {}).map(([name, files]) => ({
    id: addArtifact(world, { repo: input.repo, run: run.id, name, files }).id,
    name,
  }));
  const asked = input.jobs.map((one) => (typeof one === "string" ? { name: one } : one));
  const isLater = ({ needs }: JobInput): boolean =>
    input.conclusion !== undefined || (needs ?? []).length > 0;
  run.later.push(...asked.filter(isLater).map(({ name }) => name));
  const jobs = asked.filter((one) => !isLater(one)).map((one) => addJob(world, repo, run, one));
  if (input.conclusion === undefined) settleRun(world, repo, run);
  else endRun(world, repo, run, input.conclusion);
  return {
    id: run.id,
    suiteId: run.suiteId,
    jobs: jobs.map((one) => ({ id: one.id, name: one.name, checkRunId: one.checkRunId })),
    artifacts,
  };
}

/** Somebody lets a run begin that was held for approval: its jobs are made when `job` names them. */
export function approveRun(world: World, input: { repo: string; run: number; by: string }): void {
  const repo = repoNamed(world, input.repo);
  const run = repo.runs.get(input.run);
  if (run?.conclusion !== "action_required")
    throw new Error(`run ${input.run} in ${input.repo} waits for no approval`);
  run.status = "queued";
  run.conclusion = null;
  run.triggeringActorId = actor(world, input.by).id;
  emitRun(world, repo, run, "requested");
}

/** Somebody ends a run: jobs that go on are cancelled, those that were not made yet never are. */
export function cancelRun(world: World, input: { repo: string; run: number; by: string }): void {
  const repo = repoNamed(world, input.repo);
  const run = repo.runs.get(input.run);
  if (run === undefined || run.status === "completed")
    throw new Error(`run ${input.run} in ${input.repo} does not run`);
  run.later.length = 0;
  for (const one of jobsOf(repo, run))
    if (one.status !== "completed")
      moveJob(world, repo, run, one, { status: "completed", conclusion: "cancelled" });
  run.triggeringActorId = actor(world, input.by).id;
  endRun(world, repo, run, "cancelled");
}

/** Moves one job on; the run, its check run and its suite follow. */
export function job(
  world: World,
  input: {
    repo: string;
    run: number;
    name: string;
    status?: "in_progress" | "completed";
    conclusion?: string;
    title?: string;
    summary?: string;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const run = repo.runs.get(input.run);
  const found =
    run === undefined ? undefined : jobsOf(repo, run).find((one) => one.name === input.name);
  const later = run?.later.indexOf(input.name) ?? -1;
  if (run !== undefined && found === undefined && later >= 0) {
    run.later.splice(later, 1);
    addJob(world, repo, run, input);
    settleRun(world, repo, run);
    return;
  }
  if (run === undefined || found === undefined)
    throw new Error(`no job "${input.name}" in run ${input.run}`);
  moveJob(world, repo, run, found, { ...input, status: input.status ?? "completed" });
  settleRun(world, repo, run);
}

/** Runs everything again under the same run id: another attempt, triggered by `by`. */
/** Everybody with write access can; its checks go with it, and GitHub tells nobody. */
export function deleteRun(world: World, input: { repo: string; run: number }): void {
  const repo = repoNamed(world, input.repo);
  const run = repo.runs.get(input.run);
  if (run === undefined) throw new Error(`no run ${input.run} in ${input.repo}`);
  for (const one of jobsOf(repo, run)) repo.jobs.delete(one.id);
  for (const one of [...repo.checkRuns.values()])
    if (one.suiteId === run.suiteId) repo.checkRuns.delete(one.id);
  const others = (repo.checkRunsBySha.get(run.headSha) ?? []).filter(
    (one) => one.suiteId !== run.suiteId,
  );
  repo.checkRunsBySha.set(run.headSha, others);
  for (const one of [...repo.artifacts.values()])
    if (one.runId === run.id) repo.artifacts.delete(one.id);
  repo.suites.delete(run.suiteId);
  repo.runs.delete(run.id);
}

export function rerun(
  world: World,
  input: {
    repo: string;
    run: number;
    by: string;
    status?: "queued" | "completed";
    conclusion?: string;
  },
): { attempt: number } {
  const repo = repoNamed(world, input.repo);
  const run = repo.runs.get(input.run);
  if (run === undefined) throw new Error(`no run ${input.run} in ${input.repo}`);
  const before = jobsOf(repo, run);
  dropGates(world, repo, run);
  run.attempt++;
  run.status = "queued";
  run.conclusion = null;
  run.triggeringActorId = actor(world, input.by).id;
  run.startedAt = world.now();
  emitRun(world, repo, run, "requested");
  for (const one of before) {
    if (one.environment !== null) {
      // A deployment job knocks at its environment's door again, as another deployment.
      openGate(
        world,
        repo,
        run,
        addJob(world, repo, run, {
          name: one.name,
          status: "waiting",
          environment: one.environment,
        }),
      );
      continue;
    }
    addJob(world, repo, run, {
      name: one.name,
      status: input.status ?? "completed",
      ...(input.conclusion === undefined ? {} : { conclusion: input.conclusion }),
    });
  }
  settleRun(world, repo, run);
  return { attempt: run.attempt };
}
