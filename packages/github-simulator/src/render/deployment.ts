import { accountOf, appOf } from "../world/accounts.ts";
import type {
  Deployment,
  DeploymentAnswer,
  DeploymentStatus,
  Environment,
  ProtectionRule,
} from "../world/deployments.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { appById, iso, nodeId, user, userById } from "./account.ts";
import { repoHtmlUrl, repoUrl } from "./repository.ts";
import { team } from "./team.ts";

export function deployment(world: World, repo: Repo, value: Deployment): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/deployments/${value.id}`;
  return {
    url,
    id: value.id,
    node_id: nodeId("Deployment", repo.id, value.id),
    task: value.task,
    original_environment: value.environment,
    environment: value.environment,
    description: value.description,
    created_at: iso(value.createdAt),
    updated_at: iso(value.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repoUrl(world, repo),
    creator: userById(world, value.creatorId),
    sha: value.sha,
    ref: value.ref,
    payload: value.payload,
    transient_environment: false,
    production_environment: value.production,
    performed_via_github_app: appById(world, value.viaAppId),
  };
}

/** A status names the App that set it, no matter who made the deployment. */
const appOfBot = (world: World, account: number): number | null =>
  [...world.apps.values()].find(({ botId }) => botId === account)?.id ?? null;

export function deploymentStatus(
  world: World,
  repo: Repo,
  on: Deployment,
  value: DeploymentStatus,
): Record<string, unknown> {
  const url = `${repoUrl(world, repo)}/deployments/${on.id}`;
  const log =
    value.logUrl === ""
      ? `${repoHtmlUrl(world, repo)}/deployments/${on.environment}`
      : value.logUrl;
  return {
    url: `${url}/statuses/${value.id}`,
    id: value.id,
    node_id: nodeId("DeploymentStatus", repo.id, value.id),
    state: value.state,
    creator: userById(world, value.creatorId),
    description: value.description,
    environment: on.environment,
    target_url: log,
    created_at: iso(value.createdAt),
    updated_at: iso(value.createdAt),
    deployment_url: url,
    repository_url: repoUrl(world, repo),
    log_url: log,
    ...(value.environmentUrl === "" ? {} : { environment_url: value.environmentUrl }),
    performed_via_github_app: appById(world, appOfBot(world, value.creatorId)),
  };
}

export function reviewers(
  world: World,
  environment: Environment,
): { type: "User" | "Team"; reviewer: Record<string, unknown> }[] {
  const rule = environment.rules.find((one) => one.kind === "required_reviewers");
  if (rule === undefined) return [];
  return [
    ...rule.userIds.map((id) => ({
      type: "User" as const,
      reviewer: user(world, accountOf(world, id)),
    })),
    ...rule.teamIds.flatMap((id) => {
      const found = world.teams.get(id);
      return found === undefined ? [] : [{ type: "Team" as const, reviewer: team(world, found) }];
    }),
  ];
}

function protectionRule(
  world: World,
  environment: Environment,
  rule: ProtectionRule,
): Record<string, unknown>[] {
  const core = { id: rule.id, node_id: nodeId("GateRule", rule.id) };
  switch (rule.kind) {
    case "wait_timer":
      return [{ ...core, type: "wait_timer", wait_timer: rule.minutes }];
    case "required_reviewers":
      return [
        {
          ...core,
          type: "required_reviewers",
          prevent_self_review: rule.preventSelfReview,
          reviewers: reviewers(world, environment),
        },
      ];
    case "branch_policy":
      return [{ ...core, type: "branch_policy" }];
    case "custom":
      // Apps' rules are listed under deployment_protection_rules and not here.
      return [];
  }
}

export function environment(world: World, repo: Repo, value: Environment): Record<string, unknown> {
  return {
    ...environmentLite(world, repo, value),
    protection_rules: value.rules.flatMap((rule) => protectionRule(world, value, rule)),
    deployment_branch_policy:
      value.branchPolicy === null
        ? null
        : {
            protected_branches: value.branchPolicy.protectedBranches,
            custom_branch_policies: value.branchPolicy.customPolicies,
          },
  };
}

export function environmentLite(
  world: World,
  repo: Repo,
  value: Environment,
): Record<string, unknown> {
  return {
    id: value.id,
    node_id: nodeId("Environment", repo.id, value.id),
    name: value.name,
    url: `${repoUrl(world, repo)}/environments/${encodeURIComponent(value.name)}`,
    html_url: `${repoHtmlUrl(world, repo)}/deployments/activity_log?environments_filter=${encodeURIComponent(value.name)}`,
    created_at: iso(value.createdAt),
    updated_at: iso(value.updatedAt),
  };
}

export function customRule(world: World, rule: ProtectionRule): Record<string, unknown>[] {
  if (rule.kind !== "custom") return [];
  const app = appOf(world, rule.appId);
  return [
    {
      id: rule.id,
      node_id: nodeId("DeploymentProtectionRule", rule.id),
      enabled: rule.enabled,
      app: {
        id: app.id,
        node_id: nodeId("App", app.id),
        slug: app.slug,
        integration_url: `${world.origin}/api/v3/apps/${app.slug}`,
      },
    },
  ];
}

export function approval(
  world: World,
  repo: Repo,
  value: DeploymentAnswer,
): Record<string, unknown> {
  const environments = value.environments.flatMap((name) => {
    const found = repo.environments.get(name.toLowerCase());
    return found === undefined ? [] : [environmentLite(world, repo, found)];
  });
  return {
    environments,
    state: value.state,
    user: userById(world, value.userId),
    comment: value.comment,
  };
}
