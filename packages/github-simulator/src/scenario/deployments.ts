import { actor } from "../world/accounts.ts";
import { repoNamed } from "../world/lookup.ts";
import type { WorkflowRun } from "../world/actions.ts";
import type { Deployment, DeploymentStatus, Gate } from "../world/deployments.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { shaNamed } from "./checks.ts";
import {
  addStatus,
  bypass,
  environmentNamed,
  newDeployment,
  openGate,
  reviewGates,
  waitingGates,
} from "./gates.ts";
import { addJob, moveJob, settleRun } from "./jobs.ts";
import { startRun } from "./workflows.ts";

export interface DeployInput {
  readonly repo: string;
  /** One job for each; they knock at the same time. */
  readonly environment: string | readonly string[];
  /** Branch, tag or SHA (default: the default branch). */
  readonly sha?: string;
  readonly branch?: string | null;
  readonly actor?: string;
  readonly event?: string;
  readonly path?: string;
  readonly headRepo?: string;
  /** A run that goes on: the job joins it instead of a new run. */
  readonly run?: number;
  readonly job?: string;
}

export interface DeployView {
  readonly run: number;
  readonly deployments: readonly {
    readonly id: number;
    readonly environment: string;
    readonly job: number;
    readonly state: string;
  }[];
}

function stateOf(deployment: Deployment): string {
  return deployment.gate?.state ?? "ungated";
}

/** A workflow run whose jobs deploy: each waits at its environment's door, or goes on where nothing guards it. */
export function deploy(world: World, input: DeployInput): DeployView {
  const repo = repoNamed(world, input.repo);
  const known = input.run === undefined ? undefined : repo.runs.get(input.run);
  if (input.run !== undefined && known === undefined)
    throw new Error(`no run ${input.run} in ${input.repo}`);
  const { branch, event, path, headRepo } = input;
  const run =
    known ??
    startRun(world, repo, {
      repo: input.repo,
      sha: input.sha ?? repo.defaultBranch,
      event: event ?? "push",
      path: path ?? ".github/workflows/deploy.yml",
      actor: input.actor ?? "admin",
      ...(branch === undefined ? {} : { branch }),
      ...(headRepo === undefined ? {} : { headRepo }),
    });
  const names = typeof input.environment === "string" ? [input.environment] : input.environment;
  const jobs = names.map((environment) =>
    addJob(world, repo, run, {
      name: input.job ?? `deploy to ${environment}`,
      status: "waiting",
      environment,
    }),
  );
  const deployments = jobs.map((job) => {
    const made = openGate(world, repo, run, job);
    return { id: made.id, environment: made.environment, job: job.id, state: stateOf(made) };
  });
  settleRun(world, repo, run);
  return { run: run.id, deployments };
}

function deploymentOf(repo: Repo, id: number): Deployment {
  const found = repo.deployments.get(id);
  if (found === undefined) throw new Error(`no deployment ${id} in ${repo.name}`);
  return found;
}

function runOf(repo: Repo, id: number): WorkflowRun {
  const found = repo.runs.get(id);
  if (found === undefined) throw new Error(`no run ${id} in ${repo.name}`);
  return found;
}

/** The job that deploys ends, and the deployment with it. */
export function finishDeployment(
  world: World,
  input: {
    repo: string;
    deployment: number;
    state?: "success" | "failure";
    environmentUrl?: string;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const found = deploymentOf(repo, input.deployment);
  if (found.gate?.state === "waiting")
    throw new Error(`deployment ${found.id} still waits at ${found.environment}`);
  const state = input.state ?? "success";
  const job = [...repo.jobs.values()].find((one) => one.deploymentId === found.id);
  const run = job === undefined ? undefined : repo.runs.get(job.runId);
  addStatus(
    world,
    repo,
    found,
    state,
    found.creatorId,
    input.environmentUrl === undefined ? {} : { environmentUrl: input.environmentUrl },
  );
  if (job === undefined || run === undefined) return;
  moveJob(world, repo, run, job, { status: "completed", conclusion: state });
  settleRun(world, repo, run);
}

/** A status that somebody sets through the API. */
export function deploymentStatus(
  world: World,
  input: {
    repo: string;
    deployment: number;
    state: DeploymentStatus["state"];
    by?: string;
    description?: string;
  },
): { id: number } {
  const repo = repoNamed(world, input.repo);
  const found = deploymentOf(repo, input.deployment);
  return {
    id: addStatus(
      world,
      repo,
      found,
      input.state,
      actor(world, input.by ?? "admin").id,
      input.description === undefined ? {} : { description: input.description },
    ).id,
  };
}

/** A deployment made through the API: no workflow run, and so no door. */
export function apiDeployment(
  world: World,
  input: {
    repo: string;
    environment: string;
    sha?: string;
    by?: string;
    task?: string;
    description?: string;
  },
): { id: number } {
  const repo = repoNamed(world, input.repo);
  environmentNamed(world, repo, input.environment);
  const made = newDeployment(world, repo, {
    sha: shaNamed(world, repo, input.sha ?? repo.defaultBranch),
    ref: input.sha ?? repo.defaultBranch,
    environment: input.environment,
    creatorId: actor(world, input.by ?? "admin").id,
    viaAppId: null,
    runId: null,
    ...(input.task === undefined ? {} : { task: input.task }),
    ...(input.description === undefined ? {} : { description: input.description }),
  });
  return { id: made.id };
}

function gatesOf(
  repo: Repo,
  run: WorkflowRun,
  environments: readonly string[] | undefined,
): Gate[] {
  const gates = waitingGates(repo, run).filter(
    (gate) =>
      environments === undefined ||
      environments.some((name) => name.toLowerCase() === gate.environment.toLowerCase()),
  );
  if (gates.length === 0) throw new Error(`nothing waits in run ${run.id}`);
  return gates;
}

/** GitHub's own environment review by a person. Whether they may is not asked here; `POST …/pending_deployments` asks. */
export function reviewDeployment(
  world: World,
  input: {
    repo: string;
    run: number;
    by: string;
    state?: "approved" | "rejected";
    environments?: readonly string[];
    comment?: string;
  },
): void {
  const repo = repoNamed(world, input.repo);
  const run = runOf(repo, input.run);
  reviewGates(world, repo, run, gatesOf(repo, run, input.environments), {
    byId: actor(world, input.by).id,
    state: input.state ?? "approved",
    comment: input.comment ?? "",
  });
}

/** "Start all waiting jobs" by an administrator. */
export function startWaitingJobs(
  world: World,
  input: { repo: string; run: number; by: string },
): void {
  const repo = repoNamed(world, input.repo);
  bypass(world, repo, runOf(repo, input.run), input.by);
}
