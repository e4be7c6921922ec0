import { created, invalid, notFound, ok, Refusal } from "../http/reply.ts";
import { numberParam, text, type Call, type Route } from "../http/call.ts";
import { object, strings } from "../http/json.ts";
import { paged } from "../http/paging.ts";
import { repoOf, writer } from "../http/scope.ts";
import { fullName, resolveRef } from "../world/lookup.ts";
import { isAncestor } from "../git/history.ts";
import { latestStatuses } from "../render/check.ts";
import type { Deployment, DeploymentStatus } from "../world/deployments.ts";
import type { Repo } from "../world/repositories.ts";
import { deployment, deploymentStatus } from "../render/deployment.ts";
import { addStatus, environmentNamed, newDeployment } from "../scenario/gates.ts";
import { commit } from "../scenario/commits.ts";

const states: readonly DeploymentStatus["state"][] = [
  "error",
  "failure",
  "inactive",
  "in_progress",
  "queued",
  "pending",
  "success",
];

function one(call: Call, repo: Repo): Deployment {
  const found = repo.deployments.get(numberParam(call, "deployment_id"));
  if (found === undefined) throw notFound();
  return found;
}

function requireContexts(call: Call, repo: Repo, sha: string): void {
  const asked = call.body["required_contexts"];
  const checks = [
    ...(repo.checkRunsBySha.get(sha) ?? []).map((run) => ({
      context: run.name,
      state: run.conclusion ?? "pending",
    })),
    ...latestStatuses(repo, sha).map((status) => ({
      context: status.context,
      state: status.state,
    })),
  ];
  const wanted = Array.isArray(asked) ? strings(asked) : checks.map((check) => check.context);
  const bad = wanted.filter(
    (context) =>
      !checks.some(
        (check) =>
          check.context === context && ["success", "neutral", "skipped"].includes(check.state),
      ),
  );
  if (bad.length === 0) return;
  throw new Refusal(409, `Conflict: Commit status checks failed for ${sha.slice(0, 7)}.`, {
    errors: [
      { contexts: checks, resource: "Deployment", field: "required_contexts", code: "invalid" },
    ],
  });
}

function create(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const { userId, appId } = writer(call);
  const ref = text(call, "ref");
  const sha = ref === undefined ? null : resolveRef(call.world, repo, ref);
  if (ref === undefined)
    throw invalid({ resource: "Deployment", field: "ref", code: "missing_field" });
  if (sha === null) throw new Refusal(422, `No ref found for: ${ref}`);
  const base = repo.refs.get(`refs/heads/${repo.defaultBranch}`);
  // The trap of this call: unless told otherwise it merges the default branch into what is to be deployed.
  if (
    call.body["auto_merge"] !== false &&
    base !== undefined &&
    !isAncestor(call.world.git, base, sha) &&
    repo.refs.has(`refs/heads/${ref}`)
  ) {
    const by = call.world.accounts.get(userId)?.login ?? "admin";
    commit(call.world, {
      repo: fullName(call.world, repo),
      branch: ref,
      merge: [repo.defaultBranch],
      message: `Merge ${repo.defaultBranch} into ${ref}`,
      author: by,
    });
    return {
      status: 202,
      body: { message: `Auto-merged ${repo.defaultBranch} into ${ref} on deployment.` },
    };
  }
  requireContexts(call, repo, sha);
  const environment = text(call, "environment") ?? "production";
  environmentNamed(call.world, repo, environment);
  const made = newDeployment(call.world, repo, {
    sha,
    ref,
    environment,
    creatorId: userId,
    viaAppId: appId,
    runId: null,
    task: text(call, "task") ?? "deploy",
    description: text(call, "description") ?? null,
    payload: object(call.body["payload"]),
    production: call.body["production_environment"] === true || environment === "production",
  });
  return created(deployment(call.world, repo, made));
}

function createStatus(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const on = one(call, repo);
  const state = states.find((candidate) => candidate === call.body["state"]);
  if (state === undefined)
    throw invalid({ resource: "DeploymentStatus", field: "state", code: "invalid" });
  const [description, environmentUrl, logUrl] = [
    text(call, "description"),
    text(call, "environment_url"),
    text(call, "log_url"),
  ];
  if ((description?.length ?? 0) > 140)
    throw invalid({
      resource: "DeploymentStatus",
      field: "description",
      code: "custom",
      message: "description is too long (maximum is 140 characters)",
    });
  const made = addStatus(call.world, repo, on, state, writer(call).userId, {
    ...(description === undefined ? {} : { description }),
    ...(environmentUrl === undefined ? {} : { environmentUrl }),
    ...(logUrl === undefined ? {} : { logUrl }),
  });
  return created(deploymentStatus(call.world, repo, on, made));
}

export const deploymentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/deployments",
    permission: "deployments:read",
    handle: (call) => {
      const repo = repoOf(call);
      const [sha, ref, task, environment] = [
        call.query.get("sha"),
        call.query.get("ref"),
        call.query.get("task"),
        call.query.get("environment"),
      ];
      const list = [...repo.deployments.values()]
        .filter(
          (found) =>
            (sha === null || found.sha === sha) &&
            (ref === null || found.ref === ref) &&
            (task === null || found.task === task),
        )
        .filter(
          (found) =>
            environment === null || found.environment.toLowerCase() === environment.toLowerCase(),
        )
        .reverse();
      return paged(call, list, (found) => deployment(call.world, repo, found));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/deployments/{deployment_id}",
    permission: "deployments:read",
    handle: (call) => {
      const repo = repoOf(call);
      return ok(deployment(call.world, repo, one(call, repo)));
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/deployments",
    permission: "deployments:write",
    handle: create,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    permission: "deployments:read",
    handle: (call) => {
      const repo = repoOf(call);
      const on = one(call, repo);
      return paged(call, on.statuses.toReversed(), (status) =>
        deploymentStatus(call.world, repo, on, status),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses/{status_id}",
    permission: "deployments:read",
    handle: (call) => {
      const repo = repoOf(call);
      const on = one(call, repo);
      const found = on.statuses.find((status) => status.id === numberParam(call, "status_id"));
      if (found === undefined) throw notFound();
      return ok(deploymentStatus(call.world, repo, on, found));
    },
  },
  {
    method: "POST",
    path: "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    permission: "deployments:write",
    handle: createStatus,
  },
];
