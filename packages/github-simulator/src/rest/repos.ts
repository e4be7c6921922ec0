import { ok, notFound } from "../http/reply.ts";
import { param, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { isVisible, orgOf, repoOf } from "../http/scope.ts";
import { commitOf } from "../world/lookup.ts";
import type { Repo } from "../world/repositories.ts";
import { iso, nodeId, userById } from "../render/account.ts";
import { commit } from "../render/commit.ts";
import { fullRepository, repoHtmlUrl, repoUrl, repository } from "../render/repository.ts";

function branch(call: Call, repo: Repo, name: string): Record<string, unknown> {
  const sha = repo.refs.get(`refs/heads/${name}`);
  if (sha === undefined) throw notFound();
  const url = `${repoUrl(call.world, repo)}/branches/${encodeURIComponent(name)}`;
  const isProtected = repo.rulesets.some(
    (ruleset) => ruleset.enforcement === "active" && covers(repo, ruleset.branches, name),
  );
  return {
    name,
    commit: commit(call.world, repo, commitOf(call.world, sha)),
    protected: isProtected,
    protection_url: `${url}/protection`,
    protection: {
      enabled: isProtected,
      required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
    },
    _links: { self: url, html: `${repoHtmlUrl(call.world, repo)}/tree/${name}` },
  };
}

function covers(repo: Repo, branches: readonly string[], name: string): boolean {
  return branches.some(
    (pattern) =>
      pattern === "~ALL" ||
      pattern === name ||
      pattern === `refs/heads/${name}` ||
      (pattern === "~DEFAULT_BRANCH" && name === repo.defaultBranch),
  );
}

function ruleset(
  call: Call,
  repo: Repo,
  value: Repo["rulesets"][number],
  whole: boolean,
): Record<string, unknown> {
  return {
    id: value.id,
    name: value.name,
    target: "branch",
    source_type: "Repository",
    source: repoUrl(call.world, repo).split("/repos/")[1],
    enforcement: value.enforcement,
    node_id: nodeId("RepositoryRuleset", value.id),
    _links: {
      self: { href: `${repoUrl(call.world, repo)}/rulesets/${value.id}` },
      html: { href: `${repoHtmlUrl(call.world, repo)}/rules/${value.id}` },
    },
    created_at: iso(value.createdAt),
    updated_at: iso(value.createdAt),
    ...(whole
      ? {
          conditions: {
            ref_name: {
              include: value.branches.map((name) =>
                name.startsWith("~") || name.startsWith("refs/") ? name : `refs/heads/${name}`,
              ),
              exclude: [],
            },
          },
          rules: value.rules,
          bypass_actors: value.bypass,
        }
      : {}),
  };
}

export const repoRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/repos/{owner}/{repo}",
    permission: "metadata:read",
    handle: (call) => ok(fullRepository(call.world, repoOf(call))),
  },
  {
    method: "GET",
    path: "/orgs/{org}/repos",
    permission: "metadata:read",
    handle: (call) => {
      const org = orgOf(call);
      const repos = [...call.world.repos.values()].filter(
        (repo) => repo.ownerId === org.id && isVisible(call, repo),
      );
      return paged(call, repos, (repo) => repository(call.world, repo));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/branches",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const names = [...repo.refs.keys()]
        .filter((ref) => ref.startsWith("refs/heads/"))
        .map((ref) => ref.slice(11));
      return paged(call, names, (name) => {
        const whole = branch(call, repo, name);
        const sha = repo.refs.get(`refs/heads/${name}`) ?? "";
        return {
          name,
          commit: { sha, url: `${repoUrl(call.world, repo)}/commits/${sha}` },
          protected: whole["protected"],
        };
      });
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/branches/{branch+}",
    permission: "contents:read",
    handle: (call) => ok(branch(call, repoOf(call), param(call, "branch"))),
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/rules/branches/{branch+}",
    permission: "metadata:read",
    handle: (call) => {
      const repo = repoOf(call);
      // Rulesets that only evaluate, or are disabled, are not listed here: what is listed binds.
      const rules = repo.rulesets
        .filter(
          (one) =>
            one.enforcement === "active" && covers(repo, one.branches, param(call, "branch")),
        )
        .flatMap((one) =>
          one.rules.map((rule) => ({
            ...rule,
            ruleset_source_type: "Repository",
            ruleset_source: repo.name,
            ruleset_id: one.id,
          })),
        );
      return paged(call, rules, (rule) => rule);
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/rulesets",
    permission: "metadata:read",
    handle: (call) => {
      const repo = repoOf(call);
      return paged(call, repo.rulesets, (one) => ruleset(call, repo, one, false));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/rulesets/{ruleset_id}",
    permission: "metadata:read",
    handle: (call) => {
      const repo = repoOf(call);
      const found = repo.rulesets.find((one) => one.id === Number(param(call, "ruleset_id")));
      if (found === undefined) throw notFound();
      return ok(ruleset(call, repo, found, true));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/properties/values",
    permission: "metadata:read",
    handle: (call) =>
      ok(
        Object.entries(repoOf(call).properties).map(([property_name, value]) => ({
          property_name,
          value,
        })),
      ),
  },
  {
    method: "GET",
    path: "/orgs/{org}/properties/values",
    permission: "organization_custom_properties:read",
    handle: (call) => {
      const org = orgOf(call);
      const list = [...call.world.repos.values()].filter(({ ownerId }) => ownerId === org.id);
      return paged(call, list, (repo) => ({
        repository_id: repo.id,
        repository_name: repo.name,
        repository_full_name: `${org.login}/${repo.name}`,
        properties: Object.entries(repo.properties).map(([property_name, value]) => ({
          property_name,
          value,
        })),
      }));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/activity",
    permission: "contents:read",
    handle: (call) => {
      const repo = repoOf(call);
      const ref = call.query.get("ref");
      const kinds = call.query.get("activity_type");
      const actor = call.query.get("actor")?.toLowerCase();
      const list = repo.activity
        .filter((one) => ref === null || one.ref === ref || one.ref === `refs/heads/${ref}`)
        .filter((one) => kinds === null || one.kind === kinds)
        .filter(
          (one) =>
            actor === undefined ||
            call.world.accounts.get(one.actorId)?.login.toLowerCase() === actor,
        )
        .slice();
      if (call.query.get("direction") !== "asc") list.reverse();
      return paged(call, list, (one) => ({
        id: one.id,
        node_id: nodeId("PushActivity", one.id),
        before: one.before,
        after: one.after,
        ref: one.ref,
        timestamp: iso(one.at),
        activity_type: one.kind,
        actor: userById(call.world, one.actorId),
      }));
    },
  },
  {
    method: "GET",
    path: "/rate_limit",
    handle: (call) => {
      const { quota, now } = call.world;
      // GHES comes without limits and says so.
      if (quota.limit === null) throw notFound("Rate limiting is not enabled.");
      const reset = Math.ceil(Math.max(quota.resetAt, now()) / 1000);
      const line = {
        limit: quota.limit,
        used: quota.limit - quota.remaining,
        remaining: quota.remaining,
        reset,
      };
      return ok({
        resources: {
          core: line,
          graphql: line,
          search: { limit: 30, used: 0, remaining: 30, reset },
        },
        rate: line,
      });
    },
  },
  {
    method: "GET",
    path: "/meta",
    handle: () => ok({ verifiable_password_authentication: false, installed_version: "3.19.0" }),
  },
];
