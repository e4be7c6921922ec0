import type { Artifact, Job, Workflow, WorkflowRun } from "../world/actions.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { iso, nodeId, userById } from "./account.ts";
import { simpleCommit } from "./commit.ts";
import { pullsAt } from "./pull.ts";
import { repoHtmlUrl, repoUrl, repository } from "./repository.ts";

export function workflow(world: World, repo: Repo, value: Workflow): Record<string, unknown> {
  const html = repoHtmlUrl(world, repo);
  return {
    id: value.id,
    node_id: nodeId("Workflow", repo.id, value.id),
    name: value.name,
    path: value.path,
    state: "active",
    created_at: iso(value.createdAt),
    updated_at: iso(value.createdAt),
    url: `${repoUrl(world, repo)}/actions/workflows/${value.id}`,
    html_url: `${html}/blob/${repo.defaultBranch}/${value.path}`,
    badge_url: `${html}/workflows/${encodeURIComponent(value.name)}/badge.svg`,
  };
}

export function workflowRun(world: World, repo: Repo, run: WorkflowRun): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/actions/runs/${run.id}`;
  const headRepo = world.repos.get(run.headRepoId) ?? repo;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("WorkflowRun", repo.id, run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: run.title,
    run_number: run.runNumber,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId("CheckSuite", repo.id, run.suiteId),
    url,
    html_url: `${repoHtmlUrl(world, repo)}/actions/runs/${run.id}`,
    pull_requests: pullsAt(world, repo, run.headSha),
    created_at: iso(run.createdAt),
    updated_at: iso(run.updatedAt),
    run_started_at: iso(run.startedAt),
    run_attempt: run.attempt,
    actor: userById(world, run.actorId),
    triggering_actor: userById(world, run.triggeringActorId),
    referenced_workflows: run.referencedWorkflows,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repoUrl(world, repo)}/check-suites/${run.suiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repoUrl(world, repo)}/actions/workflows/${run.workflowId}`,
    head_commit: simpleCommit(world, run.headSha),
    repository: repository(world, repo),
    head_repository: repository(world, headRepo),
    head_repository_id: headRepo.id,
  };
}

export function job(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  value: Job,
): Record<string, unknown> {
  const url = repoUrl(world, repo);
  return {
    id: value.id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: `${url}/actions/runs/${run.id}`,
    run_attempt: value.attempt,
    node_id: nodeId("Job", repo.id, value.id),
    head_sha: run.headSha,
    url: `${url}/actions/jobs/${value.id}`,
    html_url: `${repoHtmlUrl(world, repo)}/actions/runs/${run.id}/job/${value.id}`,
    status: value.status,
    conclusion: value.conclusion,
    created_at: iso(value.createdAt),
    started_at: iso(value.startedAt),
    completed_at: iso(value.completedAt),
    name: value.name,
    steps: [],
    check_run_url: `${url}/check-runs/${value.checkRunId}`,
    labels: ["ubuntu-latest"],
    runner_id: 1,
    runner_name: "GitHub Actions 1",
    runner_group_id: 1,
    runner_group_name: "GitHub Actions",
  };
}

export function artifact(
  world: World,
  repo: Repo,
  run: WorkflowRun,
  value: Artifact,
): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/actions/artifacts/${value.id}`;
  return {
    id: value.id,
    node_id: nodeId("Artifact", repo.id, value.id),
    name: value.name,
    size_in_bytes: value.zip.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: value.expired,
    digest: value.digest,
    created_at: iso(value.createdAt),
    updated_at: iso(value.createdAt),
    expires_at: iso(value.createdAt + 90 * 86_400_000),
    workflow_run: {
      id: run.id,
      repository_id: repo.id,
      head_repository_id: run.headRepoId,
      head_branch: run.headBranch ?? "",
      head_sha: run.headSha,
    },
  };
}
