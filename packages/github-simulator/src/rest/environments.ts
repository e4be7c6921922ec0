import { notFound, ok, Refusal } from "../http/reply.ts";
import { param, type Call, type Route } from "../http/call.ts";
import { object, objects } from "../http/json.ts";
import { paged } from "../http/paging.ts";
import { repoOf } from "../http/scope.ts";
import { fullName } from "../world/lookup.ts";
import type { Environment } from "../world/deployments.ts";
import type { Repo } from "../world/repositories.ts";
import { nodeId } from "../render/account.ts";
import { customRule, environment } from "../render/deployment.ts";
import { environment as setEnvironment } from "../scenario/environments.ts";

function one(call: Call, repo: Repo): Environment {
  const found = repo.environments.get(param(call, "environment_name").toLowerCase());
  if (found === undefined) throw notFound();
  return found;
}

function put(call: Call): ReturnType<Route["handle"]> {
  const repo = repoOf(call);
  const name = param(call, "environment_name");
  const wait = call.body["wait_timer"];
  if (typeof wait === "number" && (wait < 0 || wait > 43_200))
    throw new Refusal(422, "wait_timer must be between 0 and 43200");
  const asked = objects(call.body["reviewers"]);
  const policy = object(call.body["deployment_branch_policy"]);
  const logins = asked.flatMap((item) =>
    item["type"] === "User" ? (call.world.accounts.get(Number(item["id"]))?.login ?? []) : [],
  );
  const slugs = asked.flatMap((item) =>
    item["type"] === "Team" ? (call.world.teams.get(Number(item["id"]))?.slug ?? []) : [],
  );
  const custom =
    repo.environments.get(name.toLowerCase())?.rules.filter((rule) => rule.kind === "custom") ?? [];
  setEnvironment(call.world, {
    repo: fullName(call.world, repo),
    name,
    ...(typeof wait === "number" && wait > 0 ? { waitMinutes: wait } : {}),
    ...(asked.length === 0
      ? {}
      : {
          reviewers: {
            users: logins,
            teams: slugs,
            preventSelfReview: call.body["prevent_self_review"] === true,
          },
        }),
    ...(policy["protected_branches"] === true
      ? { branches: "protected" as const }
      : policy["custom_branch_policies"] === true
        ? { branches: [] }
        : {}),
  });
  const made = one(call, repo);
  made.rules.push(...custom);
  return ok(environment(call.world, repo, made));
}

export const environmentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/environments",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      return paged(
        call,
        [...repo.environments.values()],
        (found) => environment(call.world, repo, found),
        (environments, total_count) => ({ total_count, environments }),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/environments/{environment_name}",
    permission: "actions:read",
    handle: (call) => {
      const repo = repoOf(call);
      return ok(environment(call.world, repo, one(call, repo)));
    },
  },
  {
    method: "PUT",
    path: "/repos/{owner}/{repo}/environments/{environment_name}",
    permission: "administration:write",
    handle: put,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules",
    permission: "actions:read",
    handle: (call) => {
      const rules = one(call, repoOf(call)).rules.flatMap((rule) => customRule(call.world, rule));
      return ok({ total_count: rules.length, custom_deployment_protection_rules: rules });
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules/{protection_rule_id}",
    permission: "actions:read",
    handle: (call) => {
      const found = one(call, repoOf(call)).rules.find(
        (rule) => rule.id === Number(param(call, "protection_rule_id")),
      );
      const shape = found === undefined ? undefined : customRule(call.world, found)[0];
      if (shape === undefined) throw notFound();
      return ok(shape);
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
    permission: "actions:read",
    handle: (call) => {
      const list = one(call, repoOf(call)).branchPolicies;
      return paged(
        call,
        list,
        (policy) => ({
          id: policy.id,
          node_id: nodeId("GateBranchPolicy", policy.id),
          name: policy.name,
          type: policy.type,
        }),
        (branch_policies, total_count) => ({ total_count, branch_policies }),
      );
    },
  },
];
