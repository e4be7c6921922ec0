import { actor, appOf } from "../world/accounts.ts";
import { githubActionsAppId } from "../world/create.ts";
import type { Job, WorkflowRun } from "../world/actions.ts";
import type {
  Deployment,
  DeploymentAnswer,
  DeploymentStatus,
  Environment,
  Gate,
} from "../world/deployments.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import {
  emitDeployment,
  emitDeploymentStatus,
  emitProtectionRule,
  emitReview,
} from "../webhooks/deployments.ts";
import { moveJob, settleRun } from "./jobs.ts";

const day = 86_400_000;

/** GitHub gives a waiting job up after this long. */
const maxWaitMs = 30 * day;

/** An environment comes to be when it is first named, by a typo too; then nothing protects it. */
export function environmentNamed(world: World, repo: Repo, name: string): Environment {
  const known = repo.environments.get(name.toLowerCase());
  if (known !== undefined) return known;
  const made: Environment = {
    id: world.nextId(),
    name,
    rules: [],
    branchPolicy: null,
    branchPolicies: [],
    createdAt: world.now(),
    updatedAt: world.now(),
  };
  repo.environments.set(name.toLowerCase(), made);
  return made;
}

export function newDeployment(
  world: World,
  repo: Repo,
  input: Pick<Deployment, "sha" | "ref" | "environment" | "creatorId" | "viaAppId" | "runId"> &
    Partial<Deployment>,
): Deployment {
  const made: Deployment = {
    id: world.nextId(),
    task: "deploy",
    payload: {},
    description: null,
    production: input.environment.startsWith("production"),
    createdAt: world.now(),
    updatedAt: world.now(),
    statuses: [],
    gate: null,
    ...input,
  };
  repo.deployments.set(made.id, made);
  emitDeployment(world, repo, made);
  return made;
}

export function addStatus(
  world: World,
  repo: Repo,
  deployment: Deployment,
  state: DeploymentStatus["state"],
  creatorId: number,
  extra: { description?: string; environmentUrl?: string; logUrl?: string } = {},
): DeploymentStatus {
  const made: DeploymentStatus = {
    id: world.nextId(),
    state,
    description: extra.description ?? "",
    logUrl: extra.logUrl ?? "",
    environmentUrl: extra.environmentUrl ?? "",
    creatorId,
    createdAt: world.now(),
  };
  deployment.statuses.push(made);
  deployment.updatedAt = world.now();
  emitDeploymentStatus(world, repo, deployment, made);
  if (state === "success") deactivateOthers(world, repo, deployment, creatorId);
  return made;
}

/** What is live replaces what was live. */
function deactivateOthers(world: World, repo: Repo, live: Deployment, creatorId: number): void {
  for (const other of repo.deployments.values()) {
    if (
      other !== live &&
      other.environment === live.environment &&
      other.statuses.at(-1)?.state === "success"
    )
      addStatus(world, repo, other, "inactive", creatorId);
  }
}

function botId(world: World): number {
  return appOf(world, githubActionsAppId).botId;
}

function mayDeploy(repo: Repo, environment: Environment, run: WorkflowRun): boolean {
  const policy = environment.branchPolicy;
  if (policy === null) return true;
  const branch = run.headBranch ?? "";
  if (policy.customPolicies)
    return environment.branchPolicies.some(
      (one) =>
        one.name === branch || (one.name.endsWith("*") && branch.startsWith(one.name.slice(0, -1))),
    );
  return repo.rulesets.some(
    (one) =>
      one.enforcement === "active" &&
      one.branches.some(
        (name) => name === branch || (name === "~DEFAULT_BRANCH" && branch === repo.defaultBranch),
      ),
  );
}

/** A job reaches its environment: a deployment is made, and the environment's rules hold it or let it through. */
export function openGate(world: World, repo: Repo, run: WorkflowRun, job: Job): Deployment {
  const environment = environmentNamed(world, repo, job.environment ?? "");
  const ref =
    run.event === "pull_request"
      ? `refs/pull/${[...repo.pulls.values()].find((one) => one.headSha === run.headSha)?.number ?? 0}/merge`
      : (run.headBranch ?? run.headSha);
  const deployment = newDeployment(world, repo, {
    sha: run.headSha,
    ref,
    environment: environment.name,
    creatorId: botId(world),
    viaAppId: githubActionsAppId,
    runId: run.id,
  });
  job.deploymentId = deployment.id;
  if (!mayDeploy(repo, environment, run)) {
    addStatus(world, repo, deployment, "failure", botId(world), {
      description: `Branch "${run.headBranch}" is not allowed to deploy to ${environment.name} due to environment protection rules.`,
    });
    moveJob(world, repo, run, job, { status: "completed", conclusion: "failure" });
    return deployment;
  }
  const apps = environment.rules.flatMap((rule) =>
    rule.kind === "custom" && rule.enabled ? [rule.appId] : [],
  );
  const reviewers = environment.rules.find((rule) => rule.kind === "required_reviewers");
  const timer = environment.rules.find((rule) => rule.kind === "wait_timer");
  if (apps.length === 0 && reviewers === undefined && timer === undefined) {
    letGo(world, repo, run, job, deployment);
    return deployment;
  }
  const gate: Gate = {
    environment: environment.name,
    runId: run.id,
    attempt: run.attempt,
    deploymentId: deployment.id,
    jobId: job.id,
    requestedAt: world.now(),
    waitingAppIds: new Set(apps),
    waitingForPeople: reviewers !== undefined,
    waitingUntil: timer === undefined ? null : world.now() + timer.minutes * 60_000,
    reports: new Map(),
    state: "waiting",
  };
  deployment.gate = gate;
  world.waitingGates.set(deployment.id, { repoId: repo.id, gate });
  addStatus(world, repo, deployment, "waiting", botId(world));
  settleRun(world, repo, run);
  if (gate.waitingForPeople)
    emitReview(world, repo, run, job, environment, "requested", run.triggeringActorId);
  if (apps.includes(world.appId)) emitProtectionRule(world, repo, run, deployment);
  return deployment;
}

function letGo(world: World, repo: Repo, run: WorkflowRun, job: Job, deployment: Deployment): void {
  moveJob(world, repo, run, job, { status: "in_progress" });
  addStatus(world, repo, deployment, "in_progress", botId(world), {
    logUrl: `${world.origin}/runs/${run.id}`,
  });
  settleRun(world, repo, run);
}

function close(
  world: World,
  repo: Repo,
  gate: Gate,
  state: Gate["state"],
): { run: WorkflowRun; job: Job; deployment: Deployment } | null {
  gate.state = state;
  world.waitingGates.delete(gate.deploymentId);
  const [run, job, deployment] = [
    repo.runs.get(gate.runId),
    repo.jobs.get(gate.jobId),
    repo.deployments.get(gate.deploymentId),
  ];
  return run === undefined || job === undefined || deployment === undefined
    ? null
    : { run, job, deployment };
}

/** Opens the door when nobody is waited for any more. */
function proceed(world: World, repo: Repo, gate: Gate): void {
  if (
    gate.state !== "waiting" ||
    gate.waitingAppIds.size > 0 ||
    gate.waitingForPeople ||
    (gate.waitingUntil !== null && gate.waitingUntil > world.now())
  )
    return;
  const found = close(world, repo, gate, "approved");
  if (found !== null) letGo(world, repo, found.run, found.job, found.deployment);
}

function refuse(
  world: World,
  repo: Repo,
  gate: Gate,
  state: "rejected" | "expired",
  byId: number,
  comment: string,
): void {
  const found = close(world, repo, gate, state);
  if (found === null) return;
  addStatus(world, repo, found.deployment, "failure", byId, { description: comment.slice(0, 140) });
  moveJob(world, repo, found.run, found.job, {
    status: "completed",
    conclusion: state === "expired" ? "cancelled" : "failure",
  });
  settleRun(world, repo, found.run);
}

function remember(
  world: World,
  run: WorkflowRun,
  answer: Omit<DeploymentAnswer, "id" | "at">,
): void {
  run.answers.push({ ...answer, id: world.nextId(), at: world.now() });
}

export function waitingGates(repo: Repo, run: WorkflowRun): Gate[] {
  return [...repo.deployments.values()].flatMap(({ gate }) =>
    gate !== null &&
    gate.runId === run.id &&
    gate.attempt === run.attempt &&
    gate.state === "waiting"
      ? [gate]
      : [],
  );
}

/** An App's verdict about an environment of a run. */
export function answerGate(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  gate: Gate,
  input: { appId: number; state: "approved" | "rejected"; comment: string },
): void {
  const by = appOf(world, input.appId).botId;
  gate.waitingAppIds.delete(input.appId);
  remember(world, run, {
    state: input.state,
    comment: input.comment,
    userId: by,
    environments: [gate.environment],
    appId: input.appId,
  });
  if (input.state === "rejected") refuse(world, repo, gate, "rejected", by, input.comment);
  else proceed(world, repo, gate);
}

/** A person's answer through GitHub's own environment review. */
export function reviewGates(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  gates: readonly Gate[],
  input: { byId: number; state: "approved" | "rejected"; comment: string },
): void {
  remember(world, run, {
    state: input.state,
    comment: input.comment,
    userId: input.byId,
    environments: gates.map((gate) => gate.environment),
    appId: null,
  });
  for (const gate of gates) {
    const job = repo.jobs.get(gate.jobId);
    gate.waitingForPeople = false;
    if (job !== undefined)
      emitReview(
        world,
        repo,
        run,
        job,
        environmentNamed(world, repo, gate.environment),
        input.state,
        input.byId,
        input.comment,
      );
    if (input.state === "rejected")
      refuse(world, repo, gate, "rejected", input.byId, input.comment);
    else proceed(world, repo, gate);
  }
}

/** "Start all waiting jobs": an administrator goes past every rule. Nothing but the missing answers shows it. */
export function bypass(world: World, repo: Repo, run: WorkflowRun, by: string): void {
  const byId = actor(world, by).id;
  const gates = waitingGates(repo, run);
  remember(world, run, {
    state: "approved",
    comment: "",
    userId: byId,
    environments: gates.map((gate) => gate.environment),
    appId: null,
  });
  for (const gate of gates) {
    const found = close(world, repo, gate, "bypassed");
    if (found !== null) letGo(world, repo, found.run, found.job, found.deployment);
  }
}

/** Ends what a new attempt, or a cancelled run, leaves behind. */
export function dropGates(world: World, repo: Repo, run: WorkflowRun): void {
  for (const gate of waitingGates(repo, run)) {
    const found = close(world, repo, gate, "expired");
    if (found !== null) addStatus(world, repo, found.deployment, "error", botId(world));
  }
}

/** What time does by itself: wait timers run out, and jobs that waited thirty days fail. */
export function tick(world: World): void {
  for (const { repoId, gate } of [...world.waitingGates.values()]) {
    const repo = world.repos.get(repoId);
    if (repo === undefined) continue;
    if (world.now() >= gate.requestedAt + maxWaitMs)
      refuse(world, repo, gate, "expired", botId(world), "The job was waiting for thirty days.");
    else proceed(world, repo, gate);
  }
}
