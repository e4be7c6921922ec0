import { createHash, randomBytes } from "node:crypto";
import { numberParam, param, text, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { noContent, notFound, ok, Refusal, type Reply } from "../http/reply.ts";
import { iso, user } from "../render/account.ts";
import { installation } from "../render/installation.ts";
import { repository } from "../render/repository.ts";
import { teamFull as team } from "../render/team.ts";
import { accountOf, findAccount, roleIn } from "../world/accounts.ts";
import { installationCovers } from "../world/lookup.ts";
import type { Account, Installation } from "../world/people.ts";
import { authorizationsOf, clientOf, issueUserToken } from "../world/user-authorization.ts";

const codeLifeMs = 10 * 60_000;

const html = (body: string): Reply => ({
  status: 200,
  raw: Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Authorize</title></head><body><main>${body}</main></body></html>`,
  ),
  headers: { "content-type": "text/html; charset=utf-8" },
});

const escaped = (value: string): string =>
  value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** GitHub's page: who is signed in there is chosen here, since nobody has a password in a simulated world. */
function authorize(call: Call): Reply {
  const { query, world, url } = call;
  const client = clientOf(world.appId);
  const redirectUri = query.get("redirect_uri") ?? "";
  if (query.get("client_id") !== client.id || !/^https?:\/\//.test(redirectUri)) throw notFound();
  const login = query.get("login");
  if (login === null) {
    const people = [...world.accounts.values()].filter((account) => account.type === "User");
    const links = people.map((account) => {
      const to = new URL(url);
      to.searchParams.set("login", account.login);
      return `<li><a href="${escaped(to.pathname + to.search)}">Authorize as ${escaped(account.login)}</a></li>`;
    });
    return html(`<h1>Sign in to the simulated GitHub</h1><ul>${links.join("")}</ul>`);
  }
  const account = findAccount(world, login);
  if (account === null || account.type !== "User") throw notFound();
  const code = randomBytes(10).toString("hex");
  authorizationsOf(world).codes.set(code, {
    userId: account.id,
    redirectUri,
    challenge: query.get("code_challenge_method") === "S256" ? query.get("code_challenge") : null,
    expiresAt: world.now() + codeLifeMs,
  });
  const back = new URL(redirectUri);
  back.searchParams.set("code", code);
  const state = query.get("state");
  if (state !== null) back.searchParams.set("state", state);
  return { status: 302, headers: { location: back.href } };
}

const refused = (error: string, description: string): Reply =>
  ok({
    error,
    error_description: description,
    error_uri: "https://docs.github.com/apps/oauth-apps/maintaining-oauth-apps",
  });

function exchange(call: Call): Reply {
  const { world } = call;
  const client = clientOf(world.appId);
  if (text(call, "client_id") !== client.id || text(call, "client_secret") !== client.secret)
    return refused("incorrect_client_credentials", "The client_id and/or client_secret is wrong.");
  const { codes, refresh } = authorizationsOf(world);
  if (text(call, "grant_type") === "refresh_token") {
    const token = text(call, "refresh_token") ?? "";
    const found = refresh.get(token);
    if (found === undefined || found.expiresAt <= world.now())
      return refused("bad_refresh_token", "The refresh token passed is incorrect or expired.");
    refresh.delete(token);
    return ok(issueUserToken(world, found.userId));
  }
  const code = text(call, "code") ?? "";
  const found = codes.get(code);
  codes.delete(code);
  if (found === undefined || found.expiresAt <= world.now())
    return refused("bad_verification_code", "The code passed is incorrect or expired.");
  const verifier = text(call, "code_verifier") ?? "";
  const isVerified =
    found.challenge === null ||
    createHash("sha256").update(verifier).digest("base64url") === found.challenge;
  if (!isVerified)
    return refused("bad_verification_code", "The code verifier does not fit the challenge.");
  if (text(call, "redirect_uri") !== found.redirectUri)
    return refused("redirect_uri_mismatch", "The redirect_uri is not the one of the request.");
  return ok(issueUserToken(world, found.userId));
}

/** Ends one token; GitHub asks for the client's credentials as HTTP Basic, which the router does not look at. */
function revoke(call: Call): Reply {
  const token = text(call, "access_token") ?? "";
  if (!authorizationsOf(call.world).access.delete(token)) throw notFound();
  return noContent;
}

function me(call: Call): Account {
  if (call.caller.kind !== "user") throw new Refusal(401, "Requires authentication");
  return accountOf(call.world, call.caller.userId);
}

/** Installations on whose account the person sees any repository. */
function mine(call: Call): Installation[] {
  const { id } = me(call);
  return [...call.world.installations.values()].filter(
    (one) =>
      one.appId === call.world.appId &&
      one.suspendedAt === null &&
      (one.accountId === id || repositoriesIn(call, one).length > 0),
  );
}

/** What the person may read by a right of their own: being public gives none. */
function repositoriesIn(call: Call, on: Installation) {
  const { id } = me(call);
  const { world } = call;
  return [...world.repos.values()].filter((repo) => {
    if (!installationCovers(on, repo)) return false;
    const owner = accountOf(world, repo.ownerId);
    const belongs =
      owner.id === id || owner.members.get(id)?.state === "active" || repo.collaborators.has(id);
    return belongs && roleIn(world, repo, id) !== "none";
  });
}

export const userAuthorizationRoutes: readonly Route[] = [
  { method: "GET", path: "/login/oauth/authorize", handle: authorize },
  { method: "POST", path: "/login/oauth/access_token", handle: exchange },
  { method: "DELETE", path: "/applications/{client_id}/token", handle: revoke },
  {
    method: "GET",
    path: "/user",
    handle: (call) => {
      const account = me(call);
      return ok({
        ...user(call.world, account),
        name: account.name,
        company: null,
        blog: "",
        location: null,
        email: null,
        hireable: null,
        bio: null,
        public_repos: 0,
        public_gists: 0,
        followers: 0,
        following: 0,
        created_at: iso(account.createdAt),
        updated_at: iso(account.createdAt),
      });
    },
  },
  {
    method: "GET",
    path: "/user/installations",
    handle: (call) =>
      paged(
        call,
        mine(call),
        (one) => installation(call.world, one),
        (items, total) => ({ total_count: total, installations: items }),
      ),
  },
  {
    method: "GET",
    path: "/user/teams",
    handle: (call) => {
      const { id } = me(call);
      const teams = [...call.world.teams.values()].filter(
        (each) => each.members.get(id)?.state === "active",
      );
      return paged(call, teams, (each) => team(call.world, each));
    },
  },
  {
    method: "GET",
    path: "/user/installations/{installation_id}/repositories",
    handle: (call) => {
      const on = mine(call).find((one) => one.id === numberParam(call, "installation_id"));
      if (on === undefined) throw notFound(param(call, "installation_id"));
      return paged(
        call,
        repositoriesIn(call, on),
        (repo) => repository(call.world, repo),
        (items, total) => ({
          total_count: total,
          repository_selection: on.selection,
          repositories: items,
        }),
      );
    },
  },
];
