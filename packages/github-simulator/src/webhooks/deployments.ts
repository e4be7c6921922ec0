import { accountOf } from "../world/accounts.ts";
import type { Job, WorkflowRun } from "../world/actions.ts";
import type { Deployment, DeploymentStatus, Environment } from "../world/deployments.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { iso, user } from "../render/account.ts";
import { workflow, workflowRun } from "../render/actions.ts";
import { checkRun } from "../render/check.ts";
import { deployment as shape, deploymentStatus, reviewers } from "../render/deployment.ts";
import { pullFull } from "../render/pull.ts";
import { repoHtmlUrl, repoUrl } from "../render/repository.ts";
import { emit } from "./emit.ts";

function aboutRun(world: World, repo: Repo, on: Deployment): Record<string, unknown> {
  const run = on.runId === null ? undefined : repo.runs.get(on.runId);
  const found = run === undefined ? undefined : repo.workflows.get(run.path);
  return {
    workflow: found === undefined ? null : workflow(world, repo, found),
    workflow_run: run === undefined ? null : workflowRun(world, repo, run),
  };
}

export function emitDeployment(world: World, repo: Repo, on: Deployment): void {
  emit(world, repo, "deployment", "created", on.creatorId, {
    deployment: shape(world, repo, on),
    ...aboutRun(world, repo, on),
  });
}

export function emitDeploymentStatus(
  world: World,
  repo: Repo,
  on: Deployment,
  status: DeploymentStatus,
): void {
  const job = [...repo.jobs.values()].find((one) => one.deploymentId === on.id);
  const check = job === undefined ? undefined : repo.checkRuns.get(job.checkRunId);
  emit(world, repo, "deployment_status", "created", status.creatorId, {
    deployment_status: deploymentStatus(world, repo, on, status),
    deployment: shape(world, repo, on),
    check_run: check === undefined ? null : checkRun(world, repo, check),
    ...aboutRun(world, repo, on),
  });
}

/** Asks the App under test whether a deployment may go. Hostile fields of the real one are here too: the callback URL is a hint. */
export function emitProtectionRule(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  on: Deployment,
): void {
  const pulls = [...repo.pulls.values()].flatMap((pull) => {
    const issue = repo.issues.get(pull.number);
    return pull.headSha === run.headSha && issue !== undefined
      ? [pullFull(world, repo, pull, issue)]
      : [];
  });
  emit(world, repo, "deployment_protection_rule", "requested", run.triggeringActorId, {
    environment: on.environment,
    event: run.event,
    sha: on.sha,
    ref: on.ref,
    deployment_callback_url: `${repoUrl(world, repo)}/actions/runs/${run.id}/deployment_protection_rule`,
    deployment: shape(world, repo, on),
    pull_requests: pulls,
  });
}

export function emitReview(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  job: Job,
  environment: Environment,
  action: "requested" | "approved" | "rejected",
  byId: number,
  comment = "",
): void {
  const jobRun = {
    id: job.id,
    name: job.name,
    status: job.status,
    conclusion: job.conclusion,
    html_url: `${repoHtmlUrl(world, repo)}/actions/runs/${run.id}/job/${job.id}`,
    created_at: iso(job.createdAt),
    updated_at: iso(world.now()),
    environment: environment.name,
  };
  const people = { reviewers: reviewers(world, environment) };
  emit(world, repo, "deployment_review", action, byId, {
    workflow_run: workflowRun(world, repo, run),
    since: iso(world.now()),
    ...people,
    ...(action === "requested"
      ? {
          workflow_job_run: jobRun,
          environment: environment.name,
          requestor: user(world, accountOf(world, run.triggeringActorId)),
        }
      : {
          workflow_job_run: jobRun,
          workflow_job_runs: [jobRun],
          approver: user(world, accountOf(world, byId)),
          comment,
        }),
  });
}
