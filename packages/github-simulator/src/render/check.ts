import type { CheckRun, CheckSuite, Status } from "../world/checks.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { appById, iso, nodeId, userById } from "./account.ts";
import { simpleCommit } from "./commit.ts";
import { deployment } from "./deployment.ts";
import { pullsAt } from "./pull.ts";
import { repoHtmlUrl, repoUrl, repository } from "./repository.ts";

export function suiteRuns(repo: Repo, suite: CheckSuite): CheckRun[] {
  return (repo.checkRunsBySha.get(suite.headSha) ?? []).filter((run) => run.suiteId === suite.id);
}

const worst = [
  "failure",
  "timed_out",
  "cancelled",
  "action_required",
  "stale",
  "success",
  "neutral",
  "skipped",
];

/** Status and conclusion of a suite are its workflow run's, or follow from its check runs. */
export function suiteState(
  repo: Repo,
  suite: CheckSuite,
): { status: string; conclusion: string | null } {
  const workflow = suite.runId === null ? undefined : repo.runs.get(suite.runId);
  if (workflow !== undefined) return { status: workflow.status, conclusion: workflow.conclusion };
  const runs = suiteRuns(repo, suite);
  if (runs.length === 0) return { status: "queued", conclusion: null };
  if (runs.some((run) => run.status !== "completed")) {
    return {
      status: runs.some((run) => run.status === "in_progress") ? "in_progress" : "queued",
      conclusion: null,
    };
  }
  const found = runs
    .map((run) => run.conclusion ?? "neutral")
    .sort((a, b) => worst.indexOf(a) - worst.indexOf(b));
  return { status: "completed", conclusion: found[0] ?? null };
}

export function checkRun(world: World, repo: Repo, run: CheckRun): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/check-runs/${run.id}`;
  const html = `${repoHtmlUrl(world, repo)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CheckRun", repo.id, run.id),
    head_sha: run.headSha,
    external_id: run.externalId ?? "",
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: iso(run.startedAt),
    completed_at: iso(run.completedAt),
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: appById(world, run.appId),
    pull_requests: pullsAt(world, repo, run.headSha),
    ...deploymentOf(world, repo, run),
  };
}

/** A job that deploys names its deployment. */
function deploymentOf(world: World, repo: Repo, run: CheckRun): Record<string, unknown> {
  const id = run.jobId === null ? null : (repo.jobs.get(run.jobId)?.deploymentId ?? null);
  const found = id === null ? undefined : repo.deployments.get(id);
  if (found === undefined) return {};
  const {
    creator: _by,
    sha: _sha,
    ref: _ref,
    payload: _payload,
    ...simple
  } = deployment(world, repo, found);
  return { deployment: simple };
}

export function checkSuite(world: World, repo: Repo, suite: CheckSuite): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/check-suites/${suite.id}`;
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", repo.id, suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteState(repo, suite),
    url,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsAt(world, repo, suite.headSha),
    app: appById(world, suite.appId),
    created_at: iso(suite.createdAt),
    updated_at: iso(suite.updatedAt),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: suiteRuns(repo, suite).length,
    check_runs_url: `${url}/check-runs`,
    head_commit: simpleCommit(world, suite.headSha),
    repository: repository(world, repo),
  };
}

function statusCore(world: World, repo: Repo, value: Status): Record<string, unknown> {
  return {
    url: `${repoUrl(world, repo)}/statuses/${value.sha}`,
    avatar_url: `${world.origin}/avatars/u/${value.creatorId}`,
    id: value.id,
    node_id: nodeId("StatusContext", repo.id, value.id),
    state: value.state,
    description: value.description,
    target_url: value.targetUrl,
    context: value.context,
    created_at: iso(value.createdAt),
    updated_at: iso(value.createdAt),
  };
}

export function status(world: World, repo: Repo, value: Status): Record<string, unknown> {
  return { ...statusCore(world, repo, value), creator: userById(world, value.creatorId) };
}

/** Newest status of each context, no matter who set it, newest first; a context is the same in any case. */
export function latestStatuses(repo: Repo, sha: string): Status[] {
  const latest = new Map<string, Status>();
  for (const one of repo.statuses) if (one.sha === sha) latest.set(one.context.toLowerCase(), one);
  return [...latest.values()].sort((a, b) => b.id - a.id);
}

export function combinedStatus(
  world: World,
  repo: Repo,
  sha: string,
  shown: readonly Status[],
): Record<string, unknown> {
  const all = latestStatuses(repo, sha);
  const bad = all.some((one) => one.state === "failure" || one.state === "error");
  const state = bad
    ? "failure"
    : all.length > 0 && all.every((one) => one.state === "success")
      ? "success"
      : "pending";
  const url = repoUrl(world, repo);
  return {
    state,
    sha,
    total_count: all.length,
    statuses: shown.map((one) => statusCore(world, repo, one)),
    repository: repository(world, repo),
    commit_url: `${url}/commits/${sha}`,
    url: `${url}/commits/${sha}/status`,
  };
}
