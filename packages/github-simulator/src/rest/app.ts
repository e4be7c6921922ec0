import { randomBytes } from "node:crypto";
import { Refusal, created, noContent, notFound, ok } from "../http/reply.ts";
import { numberParam, param, text, type Call, type Route } from "../http/call.ts";
import { object, strings } from "../http/json.ts";
import { paged } from "../http/paging.ts";
import { isGranted } from "../http/scope.ts";
import { appOf, findAccount } from "../world/accounts.ts";
import { fullName, installationCovers, installationsOf } from "../world/lookup.ts";
import type { Installation } from "../world/people.ts";
import type { Repo } from "../world/repositories.ts";
import { api, app, iso } from "../render/account.ts";
import { clientOf } from "../world/user-authorization.ts";
import { installation } from "../render/installation.ts";
import { repository } from "../render/repository.ts";

function mine(call: Call): Installation[] {
  const { caller, world } = call;
  return caller.kind === "app"
    ? [...world.installations.values()].filter((one) => one.appId === caller.appId)
    : [];
}

function one(call: Call): Installation {
  const found = mine(call).find(
    (candidate) => candidate.id === numberParam(call, "installation_id"),
  );
  if (found === undefined) throw notFound();
  return found;
}

const levels = ["none", "read", "write", "admin"];

function narrowedRepos(call: Call, on: Installation): ReadonlySet<number> | null {
  const ids = call.body["repository_ids"];
  const names = strings(call.body["repositories"]);
  if (!Array.isArray(ids) && names.length === 0) return null;
  const all = [...call.world.repos.values()].filter((repo) => installationCovers(on, repo));
  const chosen = Array.isArray(ids)
    ? all.filter((repo) => ids.includes(repo.id))
    : all.filter((repo) => names.includes(repo.name));
  const asked = Array.isArray(ids) ? ids.length : names.length;
  if (asked > 500) throw new Refusal(422, "Too many repositories for installation.");
  if (chosen.length !== asked) {
    throw new Refusal(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  }
  return new Set(chosen.map((repo) => repo.id));
}

function narrowedPermissions(call: Call, on: Installation): Record<string, string> | null {
  if (call.body["permissions"] === undefined) return null;
  const asked: Record<string, string> = {};
  for (const [name, level] of Object.entries(object(call.body["permissions"]))) {
    if (typeof level !== "string") throw new Refusal(422, "Invalid request.");
    const has = name === "metadata" ? "read" : (on.permissions[name] ?? "none");
    if (levels.indexOf(level) > levels.indexOf(has)) {
      throw new Refusal(422, "The permissions requested are not granted to this installation.");
    }
    asked[name] = level;
  }
  return { ...asked, metadata: "read" };
}

function issueToken(call: Call): ReturnType<Route["handle"]> {
  const on = one(call);
  if (on.suspendedAt !== null) throw new Refusal(403, "This installation has been suspended");
  const repoIds = narrowedRepos(call, on);
  const permissions = narrowedPermissions(call, on);
  // Since 2026 tokens may be longer than 40 characters; products that cut them off shall notice here.
  const token = `ghs_${randomBytes(32).toString("hex")}`;
  const expiresAt = call.world.now() + call.world.tokenLifetimeMs;
  for (const [key, old] of call.world.tokens)
    if (old.expiresAt <= call.world.now()) call.world.tokens.delete(key);
  call.world.tokens.set(token, { token, installationId: on.id, expiresAt, repoIds, permissions });
  const repos = [...call.world.repos.values()].filter((repo) => repoIds?.has(repo.id) === true);
  return created({
    token,
    expires_at: iso(expiresAt),
    permissions: permissions ?? on.permissions,
    repository_selection: repoIds === null ? on.selection : "selected",
    ...(repoIds === null
      ? {}
      : { repositories: repos.map((repo) => repository(call.world, repo)) }),
  });
}

function installationOfRepo(call: Call, repo: Repo): ReturnType<Route["handle"]> {
  const found = installationsOf(
    call.world,
    repo,
    call.caller.kind === "app" ? call.caller.appId : -1,
  )[0];
  if (found === undefined) throw notFound();
  return ok(installation(call.world, found));
}

function installationOfAccount(call: Call, login: string): ReturnType<Route["handle"]> {
  const account = findAccount(call.world, login);
  const found = mine(call).find((candidate) => candidate.accountId === account?.id);
  if (found === undefined) throw notFound();
  return ok(installation(call.world, found));
}

function convertManifest(call: Call): ReturnType<Route["handle"]> {
  const manifest = call.world.manifests.get(param(call, "code"));
  if (manifest === undefined) throw notFound();
  call.world.manifests.delete(param(call, "code"));
  const record = appOf(call.world, call.world.appId);
  return created({
    ...app(call.world, record),
    ...(typeof manifest["name"] === "string" ? { name: manifest["name"] } : {}),
    ...(typeof manifest["id"] === "number" ? { id: manifest["id"] } : {}),
    // The one with which people can be authorised here.
    client_id: clientOf(call.world.appId).id,
    client_secret: clientOf(call.world.appId).secret,
    webhook_secret: call.world.outbox.secret,
    pem:
      typeof manifest["pem"] === "string"
        ? manifest["pem"]
        : "-----BEGIN RSA PRIVATE KEY-----\nsimulated\n-----END RSA PRIVATE KEY-----\n",
  });
}

export const appRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/app",
    permission: "app",
    handle: (call) =>
      ok({
        ...app(call.world, appOf(call.world, call.caller.kind === "app" ? call.caller.appId : -1)),
        installations_count: mine(call).length,
      }),
  },
  {
    method: "GET",
    path: "/app/installations",
    permission: "app",
    handle: (call) => paged(call, mine(call), (found) => installation(call.world, found)),
  },
  {
    method: "GET",
    path: "/app/installations/{installation_id}",
    permission: "app",
    handle: (call) => ok(installation(call.world, one(call))),
  },
  {
    method: "POST",
    path: "/app/installations/{installation_id}/access_tokens",
    permission: "app",
    handle: issueToken,
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/installation",
    permission: "app",
    handle: (call) => {
      const id = call.world.repoNames.get(
        `${param(call, "owner")}/${param(call, "repo")}`.toLowerCase(),
      );
      const repo = id === undefined ? undefined : call.world.repos.get(id);
      if (repo === undefined) throw notFound();
      const current = fullName(call.world, repo);
      if (
        current.toLowerCase() !== `${param(call, "owner")}/${param(call, "repo")}`.toLowerCase()
      ) {
        const location = `${api(call.world)}/repositories/${repo.id}/installation`;
        throw new Refusal(301, "Moved Permanently", { url: location }, { location });
      }
      return installationOfRepo(call, repo);
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/installation",
    permission: "app",
    handle: (call) => installationOfAccount(call, param(call, "org")),
  },
  {
    method: "GET",
    path: "/users/{username}/installation",
    permission: "app",
    handle: (call) => installationOfAccount(call, param(call, "username")),
  },
  {
    method: "GET",
    path: "/installation/repositories",
    permission: "metadata:read",
    handle: (call) => {
      const { caller } = call;
      const repos = [...call.world.repos.values()].filter(
        (repo) => caller.kind === "installation" && isGranted(call, repo),
      );
      const selection = caller.kind === "installation" ? caller.installation.selection : "all";
      return paged(
        call,
        repos,
        (repo) => repository(call.world, repo),
        (repositories, total_count) => ({
          total_count,
          repository_selection: selection,
          repositories,
        }),
      );
    },
  },
  {
    method: "DELETE",
    path: "/installation/token",
    handle: (call) => {
      if (call.caller.kind === "installation") call.world.tokens.delete(call.caller.token.token);
      return noContent;
    },
  },
  {
    method: "GET",
    path: "/apps/{app_slug}",
    handle: (call) => {
      const found = [...call.world.apps.values()].find(
        (candidate) => candidate.slug === param(call, "app_slug"),
      );
      if (found === undefined) throw notFound();
      return ok(app(call.world, found));
    },
  },
  { method: "POST", path: "/app-manifests/{code}/conversions", handle: convertManifest },
  {
    method: "GET",
    path: "/app/hook/config",
    permission: "app",
    handle: (call) =>
      ok({
        content_type: "json",
        insecure_ssl: "0",
        secret: "********",
        url: call.world.outbox.url ?? `${call.world.origin}/no-webhook`,
      }),
  },
  {
    method: "PATCH",
    path: "/app/hook/config",
    permission: "app",
    handle: (call) => {
      call.world.outbox.url = text(call, "url") ?? call.world.outbox.url;
      call.world.outbox.secret = text(call, "secret") ?? call.world.outbox.secret;
      return ok({
        content_type: "json",
        insecure_ssl: "0",
        secret: "********",
        url: call.world.outbox.url ?? `${call.world.origin}/no-webhook`,
      });
    },
  },
];
