import { appOf } from "../world/accounts.ts";
import { changeCheckRun, createCheckRun } from "../world/check-writes.ts";
import { githubActionsAppId } from "../world/create.ts";
import type { Job, WorkflowRun } from "../world/actions.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import {
  job as jobShape,
  workflow as workflowShape,
  workflowRun as runShape,
} from "../render/actions.ts";
import { repoHtmlUrl } from "../render/repository.ts";
import { emitCheckRun } from "../webhooks/checks.ts";
import { emit } from "../webhooks/emit.ts";
import { suiteMoved } from "./checks.ts";

export interface JobInput {
  readonly name: string;
  readonly status?: "queued" | "in_progress" | "completed" | "waiting";
  readonly conclusion?: string;
  /** Jobs that have to be done first: until `job` names this one, neither it nor its check run is there. */
  readonly needs?: readonly string[];
  /** The environment it deploys to: the job then waits at that environment's door (see `deploy`). */
  readonly environment?: string;
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
}

export function jobsOf(repo: Repo, run: WorkflowRun): Job[] {
  return [...repo.jobs.values()].filter(
    (one) => one.runId === run.id && one.attempt === run.attempt,
  );
}

export function emitRun(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  action: "requested" | "in_progress" | "completed",
): void {
  const workflow = repo.workflows.get(run.path);
  emit(world, repo, "workflow_run", action, run.triggeringActorId, {
    workflow_run: runShape(world, repo, run),
    workflow: workflow === undefined ? null : workflowShape(world, repo, workflow),
  });
}

export function emitJob(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  job: Job,
  action: "queued" | "in_progress" | "completed" | "waiting",
): void {
  emit(world, repo, "workflow_job", action, run.triggeringActorId, {
    workflow_job: jobShape(world, repo, run, job),
  });
}

/** Adds a job to a run, with the check run that stands for it. */
export function addJob(world: World, repo: Repo, run: WorkflowRun, input: JobInput): Job {
  const id = world.nextId();
  const status = input.status ?? "completed";
  const conclusion = status === "completed" ? (input.conclusion ?? "success") : null;
  const now = world.now();
  const job: Job = {
    id,
    runId: run.id,
    attempt: run.attempt,
    checkRunId: id,
    name: input.name,
    status,
    conclusion,
    startedAt: now,
    completedAt: conclusion === null ? null : now,
    createdAt: now,
    environment: input.environment ?? null,
    deploymentId: null,
  };
  repo.jobs.set(job.id, job);
  const check = createCheckRun(world, repo, {
    appId: githubActionsAppId,
    headSha: run.headSha,
    name: job.name,
    runId: run.id,
    id,
    jobId: id,
    change: {
      // A waiting job's check run is announced as queued: no webhook knows the other word.
      status: status === "waiting" ? "queued" : status,
      ...(conclusion === null ? {} : { conclusion }),
      detailsUrl: `${repoHtmlUrl(world, repo)}/actions/runs/${run.id}/job/${id}`,
      ...(input.title === undefined ? {} : { title: input.title }),
      ...(input.summary === undefined ? {} : { summary: input.summary }),
      ...(input.text === undefined ? {} : { text: input.text }),
    },
  });
  const bot = appOf(world, githubActionsAppId).botId;
  emitCheckRun(world, repo, check, "created", bot);
  check.status = status;
  emitJob(world, repo, run, job, status);
  if (conclusion !== null) emitCheckRun(world, repo, check, "completed", bot);
  return job;
}

/** Conclusions of runs that get no job. */
const neverBegan: readonly string[] = ["startup_failure", "action_required"];

/** Derives the state of a run from its jobs and says so when it changed. */
export function settleRun(world: World, repo: Repo, run: WorkflowRun): void {
  const jobs = jobsOf(repo, run);
  const before = run.status;
  run.updatedAt = world.now();
  if (jobs.length === 0 && neverBegan.includes(run.conclusion ?? "")) return;
  if (run.later.length === 0 && jobs.every((one) => one.status === "completed")) {
    run.status = "completed";
    const bad = jobs.find(
      (one) =>
        one.conclusion !== "success" &&
        one.conclusion !== "skipped" &&
        one.conclusion !== "neutral",
    );
    run.conclusion = bad?.conclusion ?? "success";
  } else {
    const isBetween = jobs.length > 0 && jobs.every((one) => one.status === "completed");
    run.status =
      isBetween || jobs.some((one) => one.status === "in_progress")
        ? "in_progress"
        : jobs.some((one) => one.status === "waiting")
          ? "waiting"
          : "queued";
    run.conclusion = null;
  }
  if (run.status === before) return;
  if (run.status === "in_progress") emitRun(world, repo, run, "in_progress");
  if (run.status === "completed") {
    emitRun(world, repo, run, "completed");
    suiteMoved(world, repo, run.suiteId);
  }
}

/** Ends a run that never had a job. */
export function endRun(world: World, repo: Repo, run: WorkflowRun, conclusion: string): void {
  run.status = "completed";
  run.conclusion = conclusion;
  run.updatedAt = world.now();
  emitRun(world, repo, run, "completed");
  suiteMoved(world, repo, run.suiteId);
}

/** Moves one job on: its check run follows, the run does when told to settle. */
export function moveJob(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  job: Job,
  input: {
    status: "queued" | "in_progress" | "completed";
    conclusion?: string;
    title?: string;
    summary?: string;
  },
): void {
  job.status = input.status;
  job.conclusion = input.status === "completed" ? (input.conclusion ?? "success") : null;
  job.completedAt = input.status === "completed" ? world.now() : null;
  const check = repo.checkRuns.get(job.checkRunId);
  if (check === undefined) return;
  changeCheckRun(world, check, {
    status: input.status,
    ...(job.conclusion === null ? {} : { conclusion: job.conclusion }),
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.summary === undefined ? {} : { summary: input.summary }),
  });
  emitJob(world, repo, run, job, input.status);
  if (input.status === "completed")
    emitCheckRun(world, repo, check, "completed", appOf(world, githubActionsAppId).botId);
}
