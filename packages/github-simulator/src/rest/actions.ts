import { Refusal, notFound, ok } from "../http/reply.ts";
import { numberParam, param, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { repoOf } from "../http/scope.ts";
import type { Artifact, Job, WorkflowRun } from "../world/actions.ts";
import type { Repo } from "../world/repositories.ts";
import { artifact, job, workflow, workflowRun } from "../render/actions.ts";

/** Run lists stop here, whatever the total says. */
const maxListed = 1000;

export function runOf(call: Call, repo: Repo): WorkflowRun {
  const found = repo.runs.get(numberParam(call, "run_id"));
  if (found === undefined) throw notFound();
  return found;
}

function listRuns(call: Call, of: (run: WorkflowRun) => boolean): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const [sha, event, status, branch] = [
    call.query.get("head_sha"),
    call.query.get("event"),
    call.query.get("status"),
    call.query.get("branch"),
  ];
  const list = [...repo.runs.values()]
    .filter(of)
    .filter(
      (run) =>
        (sha === null || run.headSha === sha) &&
        (event === null || run.event === event) &&
        (branch === null || run.headBranch === branch),
    )
    .filter((run) => status === null || run.status === status || run.conclusion === status)
    .reverse();
  return paged(
    call,
    list,
    (run) => workflowRun(call.world, repo, run),
    (workflow_runs, total_count) => ({ total_count, workflow_runs }),
    maxListed,
  );
}

function jobsOf(repo: Repo, run: WorkflowRun, filter: string | null): Job[] {
  return [...repo.jobs.values()].filter(
    (one) => one.runId === run.id && (filter === "all" || one.attempt === run.attempt),
  );
}

function artifactOf(call: Call, repo: Repo): { found: Artifact; run: WorkflowRun } {
  const found = repo.artifacts.get(numberParam(call, "artifact_id"));
  const run = found === undefined ? undefined : repo.runs.get(found.runId);
  if (found === undefined || run === undefined) throw notFound();
  return { found, run };
}

export const actionRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/runs",
    permission: "actions:read",
    handle: (call) => listRuns(call, () => true),
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
    permission: "actions:read",
    handle: (call) => {
      const wanted = param(call, "workflow_id");
      return listRuns(
        call,
        (run) => String(run.workflowId) === wanted || run.path.endsWith(`/${wanted}`),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      return ok(workflowRun(call.world, repo, runOf(call, repo)));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const run = runOf(call, repo);
      const attempt = numberParam(call, "attempt_number");
      if (attempt < 1 || attempt > run.attempt) throw notFound();
      return ok({ ...workflowRun(call.world, repo, run), run_attempt: attempt });
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const run = runOf(call, repo);
      return paged(
        call,
        jobsOf(repo, run, call.query.get("filter")),
        (one) => job(call.world, repo, run, one),
        (jobs, total_count) => ({ total_count, jobs }),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const run = runOf(call, repo);
      const list = jobsOf(repo, run, "all").filter(
        (one) => one.attempt === numberParam(call, "attempt_number"),
      );
      return paged(
        call,
        list,
        (one) => job(call.world, repo, run, one),
        (jobs, total_count) => ({ total_count, jobs }),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/jobs/{job_id}",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const found = repo.jobs.get(numberParam(call, "job_id"));
      const run = found === undefined ? undefined : repo.runs.get(found.runId);
      if (found === undefined || run === undefined) throw notFound();
      return ok(job(call.world, repo, run, found));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const run = runOf(call, repo);
      const name = call.query.get("name");
      const list = [...repo.artifacts.values()].filter(
        (one) => one.runId === run.id && (name === null || one.name === name),
      );
      return paged(
        call,
        list,
        (one) => artifact(call.world, repo, run, one),
        (artifacts, total_count) => ({ total_count, artifacts }),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/artifacts",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const name = call.query.get("name");
      const list = [...repo.artifacts.values()]
        .filter((one) => name === null || one.name === name)
        .reverse();
      return paged(
        call,
        list,
        (one) => {
          const run = repo.runs.get(one.runId);
          return run === undefined ? null : artifact(call.world, repo, run, one);
        },
        (artifacts, total_count) => ({ total_count, artifacts }),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const { found, run } = artifactOf(call, repo);
      return ok(artifact(call.world, repo, run, found));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const { found } = artifactOf(call, repo);
      if (found.expired) throw new Refusal(410, "Artifact has expired");
      // The address is good for one minute and carries its own authority, as the real blob store's does.
      const until = call.world.now() + 60_000;
      return {
        status: 302,
        headers: { location: `${call.world.origin}/_blobs/${repo.id}/${found.id}/${until}` },
      };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/workflows",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      return paged(
        call,
        [...repo.workflows.values()],
        (one) => workflow(call.world, repo, one),
        (workflows, total_count) => ({ total_count, workflows }),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/actions/workflows/{workflow_id}",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      const wanted = param(call, "workflow_id");
      const found = [...repo.workflows.values()].find(
        (one) => String(one.id) === wanted || one.path.endsWith(`/${wanted}`),
      );
      if (found === undefined) throw notFound();
      return ok(workflow(call.world, repo, found));
    },
  },
];
