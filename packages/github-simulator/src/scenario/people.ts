import { actor, addAccount, accountOf, findAccount } from "../world/accounts.ts";
import { repoNamed } from "../world/lookup.ts";
import type { Account, Membership, Role, Team } from "../world/people.ts";
import type { World } from "../world/world.ts";
import { api, iso, user } from "../render/account.ts";
import { team as teamShape } from "../render/team.ts";
import { repository } from "../render/repository.ts";
import { emit, emitOrg } from "../webhooks/emit.ts";
import { installApp } from "./installations.ts";

export interface OrgInput {
  readonly login: string;
  /** Install the App under test on all repositories (default true). */
  readonly install?: boolean;
  readonly owner?: string;
  readonly members?: readonly string[];
  /** What members may do in every repository (default `read`). */
  readonly baseRole?: Role;
}

/** An organisation with its people; the App is installed unless told otherwise. */
export function org(
  world: World,
  input: OrgInput,
): { id: number; login: string; installationId: number | null } {
  const found = findAccount(world, input.login);
  const account =
    found ??
    addAccount(world, {
      login: input.login,
      type: "Organization",
      baseRole: input.baseRole ?? "read",
    });
  account.members.set(actor(world, input.owner ?? "admin").id, { role: "admin", state: "active" });
  for (const login of input.members ?? [])
    account.members.set(actor(world, login).id, { role: "member", state: "active" });
  const installationId =
    input.install === false ? null : installApp(world, { account: account.login }).installationId;
  return { id: account.id, login: account.login, installationId };
}

export interface UserInput {
  readonly login: string;
  readonly id?: number;
  readonly name?: string;
  readonly emails?: readonly string[];
  readonly bot?: boolean;
}

/** A person or bot. `token` is a credential with which that person may call the simulated API. */
export function user_(
  world: World,
  input: UserInput,
): { id: number; login: string; token: string } {
  const account =
    findAccount(world, input.login) ??
    addAccount(world, {
      login: input.login,
      type: input.bot === true ? "Bot" : "User",
      ...(input.id === undefined ? {} : { id: input.id }),
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.emails === undefined ? {} : { emails: input.emails }),
    });
  return { id: account.id, login: account.login, token: `ghp_${account.id}` };
}

/** Gives an account another login; its id stays, and the old login becomes free for somebody else. */
export function renameUser(world: World, input: { login: string; to: string }): { id: number } {
  const account = actor(world, input.login);
  world.accountsByLogin.delete(account.login.toLowerCase());
  account.login = input.to;
  world.accountsByLogin.set(input.to.toLowerCase(), account);
  return { id: account.id };
}

function membershipShape(
  world: World,
  org: Account,
  person: Account,
  membership: Membership,
): Record<string, unknown> {
  const url = `${api(world)}/orgs/${org.login}`;
  return {
    url: `${url}/memberships/${person.login}`,
    state: membership.state,
    role: membership.role,
    user: user(world, person),
    organization_url: url,
  };
}

/** Adds somebody to an organisation, as `pending` when they have not accepted yet. */
export function orgMember(
  world: World,
  input: {
    org: string;
    login: string;
    role?: "admin" | "member";
    state?: "active" | "pending";
    by?: string;
  },
): void {
  const account = actor(world, input.org);
  const person = actor(world, input.login);
  const membership: Membership = { role: input.role ?? "member", state: input.state ?? "active" };
  account.members.set(person.id, membership);
  const byId = actor(world, input.by ?? "admin").id;
  if (membership.state === "active") {
    emitOrg(world, account.id, "organization", "member_added", byId, {
      membership: membershipShape(world, account, person, membership),
    });
    return;
  }
  emitOrg(world, account.id, "organization", "member_invited", byId, {
    invitation: {
      id: world.nextId(),
      node_id: "",
      login: person.login,
      email: null,
      role: membership.role === "admin" ? "admin" : "direct_member",
      created_at: iso(world.now()),
      failed_at: null,
      failed_reason: null,
      inviter: user(world, accountOf(world, byId)),
      team_count: 0,
      invitation_teams_url: `${api(world)}/organizations/${account.id}/invitations/teams`,
    },
    user: user(world, person),
  });
}

/** Takes somebody out of the organisation and all its teams. */
export function removeOrgMember(
  world: World,
  input: { org: string; login: string; by?: string },
): void {
  const account = actor(world, input.org);
  const person = actor(world, input.login);
  const by = actor(world, input.by ?? "admin").id;
  for (const one of world.teams.values())
    if (one.orgId === account.id && one.members.delete(person.id))
      emitMembership(world, one, person, "removed", by);
  const old = account.members.get(person.id);
  account.members.delete(person.id);
  emitOrg(world, account.id, "organization", "member_removed", by, {
    membership: membershipShape(world, account, person, old ?? { role: "member", state: "active" }),
  });
}

export interface TeamInput {
  readonly org: string;
  readonly slug: string;
  readonly name?: string;
  readonly parent?: string;
  /** `secret`: only its members and the owners see it (default `closed`). */
  readonly privacy?: "closed" | "secret";
  readonly members?: readonly string[];
  readonly maintainers?: readonly string[];
  /** Invited and not yet in. */
  readonly pending?: readonly string[];
  /** `owner/name` to role. */
  readonly repos?: Readonly<Record<string, Role>>;
  readonly by?: string;
}

function teamOf(world: World, org: string, slug: string): Team {
  const account = actor(world, org);
  const found = [...world.teams.values()].find(
    (one) => one.orgId === account.id && one.slug === slug,
  );
  if (found === undefined) throw new Error(`no team ${org}/${slug} in the simulated GitHub`);
  return found;
}

function emitMembership(
  world: World,
  on: Team,
  person: Account,
  action: "added" | "removed",
  by: number,
): void {
  emitOrg(world, on.orgId, "membership", action, by, {
    scope: "team",
    member: user(world, person),
    team: teamShape(world, on),
  });
}

/** A team with members, pending invitations, parent and repositories. */
export function team(world: World, input: TeamInput): { id: number; slug: string } {
  const account = actor(world, input.org);
  const by = actor(world, input.by ?? "admin").id;
  const made: Team = {
    id: world.nextId(),
    orgId: account.id,
    slug: input.slug,
    name: input.name ?? input.slug,
    parentId: input.parent === undefined ? null : teamOf(world, input.org, input.parent).id,
    privacy: input.privacy ?? "closed",
    members: new Map(),
    repos: new Map(),
    createdAt: world.now(),
  };
  world.teams.set(made.id, made);
  const join = (login: string, membership: Membership): void => {
    const person = actor(world, login);
    made.members.set(person.id, membership);
    if (!account.members.has(person.id))
      account.members.set(person.id, { role: "member", state: membership.state });
  };
  for (const login of input.members ?? []) join(login, { role: "member", state: "active" });
  for (const login of input.maintainers ?? []) join(login, { role: "maintainer", state: "active" });
  for (const login of input.pending ?? []) join(login, { role: "member", state: "pending" });
  for (const [name, role] of Object.entries(input.repos ?? {}))
    made.repos.set(repoNamed(world, name).id, role);
  emitOrg(world, account.id, "team", "created", by, { team: teamShape(world, made) });
  return { id: made.id, slug: made.slug };
}

export function teamMember(
  world: World,
  input: {
    org: string;
    team: string;
    login: string;
    state?: "active" | "pending";
    role?: "member" | "maintainer";
    by?: string;
  },
): void {
  const found = teamOf(world, input.org, input.team);
  const person = actor(world, input.login);
  const state = input.state ?? "active";
  found.members.set(person.id, { role: input.role ?? "member", state });
  const members = accountOf(world, found.orgId).members;
  if (!members.has(person.id)) members.set(person.id, { role: "member", state });
  if (state === "active")
    emitMembership(world, found, person, "added", actor(world, input.by ?? "admin").id);
}

export function removeTeamMember(
  world: World,
  input: { org: string; team: string; login: string; by?: string },
): void {
  const found = teamOf(world, input.org, input.team);
  const person = actor(world, input.login);
  if (found.members.delete(person.id))
    emitMembership(world, found, person, "removed", actor(world, input.by ?? "admin").id);
}

export function renameTeam(
  world: World,
  input: { org: string; team: string; to: string; by?: string },
): void {
  const found = teamOf(world, input.org, input.team);
  const before = found.name;
  found.slug = input.to;
  found.name = input.to;
  emitOrg(world, found.orgId, "team", "edited", actor(world, input.by ?? "admin").id, {
    team: teamShape(world, found),
    changes: { name: { from: before } },
  });
}

export function deleteTeam(world: World, input: { org: string; team: string; by?: string }): void {
  const found = teamOf(world, input.org, input.team);
  world.teams.delete(found.id);
  emitOrg(world, found.orgId, "team", "deleted", actor(world, input.by ?? "admin").id, {
    team: teamShape(world, found),
  });
}

/** Webhooks know three permissions; only the role name tells triage and maintain apart. */
const folded: Readonly<Record<Role, string>> = {
  none: "none",
  read: "read",
  triage: "read",
  write: "write",
  maintain: "write",
  admin: "admin",
};

/** What a team may do in a repository; `none` takes the repository away from it. */
export function teamRepo(
  world: World,
  input: { org: string; team: string; repo: string; role: Role; by?: string },
): void {
  const found = teamOf(world, input.org, input.team);
  const repo = repoNamed(world, input.repo);
  if (input.role === "none") found.repos.delete(repo.id);
  else found.repos.set(repo.id, input.role);
  emitOrg(
    world,
    found.orgId,
    "team",
    input.role === "none" ? "removed_from_repository" : "added_to_repository",
    actor(world, input.by ?? "admin").id,
    { team: teamShape(world, found), repository: repository(world, repo) },
  );
}

/** Somebody's own role in a repository; `none` removes them. */
export function collaborator(
  world: World,
  input: { repo: string; login: string; role: Role; by?: string },
): void {
  const repo = repoNamed(world, input.repo);
  const person = actor(world, input.login);
  const had = repo.collaborators.get(person.id);
  if (input.role === "none") repo.collaborators.delete(person.id);
  else repo.collaborators.set(person.id, input.role);
  const action = input.role === "none" ? "removed" : had === undefined ? "added" : "edited";
  emit(world, repo, "member", action, actor(world, input.by ?? "admin").id, {
    member: { ...user(world, person), created_at: iso(person.createdAt) },
    changes:
      action === "removed"
        ? {}
        : {
            permission: { from: had === undefined ? null : folded[had], to: folded[input.role] },
            role_name: { to: input.role },
          },
  });
}
