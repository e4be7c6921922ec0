import { notFound, ok } from "../http/reply.ts";
import { param, type Call, type Route } from "../http/call.ts";
import { paged } from "../http/paging.ts";
import { orgOf, repoOf } from "../http/scope.ts";
import { accountOf, findAccount, roleIn, teamMembership, withChildren } from "../world/accounts.ts";
import { roles, type Account, type Role, type Team } from "../world/people.ts";
import { api, iso, user } from "../render/account.ts";
import { team, teamFull } from "../render/team.ts";

function teamOf(call: Call): Team {
  const org = orgOf(call);
  const found = [...call.world.teams.values()].find(
    (one) => one.orgId === org.id && one.slug === param(call, "team_slug"),
  );
  if (found === undefined) throw notFound();
  return found;
}

function person(call: Call): Account {
  const found = findAccount(call.world, param(call, "username"));
  if (found === null) throw notFound();
  return found;
}

/** `permission` folds triage into read and maintain into write; only `role_name` tells them apart. */
const folded: Readonly<Record<Role, string>> = {
  none: "none",
  read: "read",
  triage: "read",
  write: "write",
  maintain: "write",
  admin: "admin",
};

function permissions(role: Role): Record<string, boolean> {
  const at = roles.indexOf(role);
  return { pull: at >= 1, triage: at >= 2, push: at >= 3, maintain: at >= 4, admin: at >= 5 };
}

function collaborator(call: Call, account: Account, role: Role): Record<string, unknown> {
  return { ...user(call.world, account), role_name: role, permissions: permissions(role) };
}

function members(call: Call, found: Team): Account[] {
  const ids = new Set(
    withChildren(call.world, found).flatMap((one) =>
      [...one.members].filter(([, member]) => member.state === "active").map(([id]) => id),
    ),
  );
  return [...ids].map((id) => accountOf(call.world, id));
}

export const peopleRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/users/{username}",
    handle: (call) => {
      const account = person(call);
      return ok({
        ...user(call.world, account),
        name: account.name,
        company: null,
        blog: "",
        location: null,
        email: account.emails[0] ?? null,
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
    path: "/user/{account_id}",
    handle: (call) => {
      const account = call.world.accounts.get(Number(param(call, "account_id")));
      if (account === undefined) throw notFound();
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
    path: "/orgs/{org}/members",
    permission: "members:read",
    handle: (call) => {
      const list = [...orgOf(call).members]
        .filter(([, member]) => member.state === "active")
        .map(([id]) => accountOf(call.world, id));
      return paged(call, list, (account) => user(call.world, account));
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/members/{username}",
    permission: "members:read",
    handle: (call) => {
      if (orgOf(call).members.get(person(call).id)?.state !== "active") throw notFound();
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/teams",
    permission: "members:read",
    handle: (call) => {
      const org = orgOf(call);
      return paged(
        call,
        [...call.world.teams.values()].filter((one) => one.orgId === org.id),
        (one) => team(call.world, one),
      );
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}",
    permission: "members:read",
    handle: (call) => ok(teamFull(call.world, teamOf(call))),
  },
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}/members",
    permission: "members:read",
    handle: (call) =>
      paged(call, members(call, teamOf(call)), (account) => user(call.world, account)),
  },
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}/memberships/{username}",
    permission: "members:read",
    handle: (call) => {
      const found = teamOf(call);
      const membership = teamMembership(call.world, found, person(call).id);
      if (membership === null) throw notFound();
      const url = `${api(call.world)}/organizations/${found.orgId}/team/${found.id}/memberships/${param(call, "username")}`;
      return ok({
        url,
        role: membership.role === "admin" ? "maintainer" : membership.role,
        state: membership.state,
      });
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/teams/{team_slug}/teams",
    permission: "members:read",
    handle: (call) => {
      const found = teamOf(call);
      return paged(
        call,
        [...call.world.teams.values()].filter((one) => one.parentId === found.id),
        (one) => team(call.world, one),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/teams",
    permission: "metadata:read",
    handle: (call) => {
      const repo = repoOf(call);
      const list = [...call.world.teams.values()].filter((one) => one.repos.has(repo.id));
      return paged(call, list, (one) => ({
        ...team(call.world, one),
        permission: folded[one.repos.get(repo.id) ?? "none"],
      }));
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators",
    permission: "metadata:read",
    handle: (call) => {
      const repo = repoOf(call);
      const people = [...call.world.accounts.values()].filter(
        (account) => account.type === "User" && isCollaborator(call, repo.id, account),
      );
      return paged(call, people, (account) =>
        collaborator(call, account, roleIn(call.world, repo, account.id)),
      );
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators/{username}",
    permission: "metadata:read",
    handle: (call) => {
      const repo = repoOf(call);
      if (!isCollaborator(call, repo.id, person(call))) throw notFound();
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/collaborators/{username}/permission",
    permission: "metadata:read",
    handle: (call) => {
      const repo = repoOf(call);
      const found = findAccount(call.world, param(call, "username"));
      if (found === null) throw notFound(`${param(call, "username")} is not a user`);
      const role = roleIn(call.world, repo, found.id);
      return ok({
        permission: folded[role],
        role_name: role,
        user: collaborator(call, found, role),
      });
    },
  },
];

function isCollaborator(call: Call, repoId: number, account: Account): boolean {
  const repo = call.world.repos.get(repoId);
  if (repo === undefined) return false;
  const owner = accountOf(call.world, repo.ownerId);
  return (
    roleIn(call.world, repo, account.id) !== "none" &&
    (repo.collaborators.has(account.id) ||
      owner.members.get(account.id)?.state === "active" ||
      owner.id === account.id)
  );
}
