import { higher, type Account, type AppRecord, type Role, type Team } from "./people.ts";
import type { Repo } from "./repositories.ts";
import type { World } from "./world.ts";

export function addAccount(
  world: World,
  input: {
    login: string;
    type: Account["type"];
    id?: number;
    name?: string;
    emails?: readonly string[];
    appId?: number;
    baseRole?: Role;
  },
): Account {
  const id = input.id ?? world.nextId();
  const account: Account = {
    id,
    login: input.login,
    type: input.type,
    name: input.name ?? null,
    emails: [
      ...(input.emails ?? [`${input.login.toLowerCase()}@example.com`]),
      `${id}+${input.login}@users.noreply.github.com`,
    ],
    createdAt: world.now(),
    members: new Map(),
    baseRole: input.baseRole ?? "read",
    appId: input.appId ?? null,
  };
  world.accounts.set(id, account);
  world.accountsByLogin.set(account.login.toLowerCase(), account);
  for (const email of account.emails) world.accountsByEmail.set(email.toLowerCase(), account);
  return account;
}

export function findAccount(world: World, login: string): Account | null {
  return world.accountsByLogin.get(login.toLowerCase()) ?? null;
}

/** A person, bot or organisation that a scenario names; a new name becomes a new person. */
export function actor(world: World, login: string): Account {
  return (
    findAccount(world, login) ??
    addAccount(world, { login, type: login.endsWith("[bot]") ? "Bot" : "User" })
  );
}

export function accountOf(world: World, id: number): Account {
  const account = world.accounts.get(id);
  if (account === undefined) throw new Error(`no account ${id} in the simulated GitHub`);
  return account;
}

export function appOf(world: World, id: number): AppRecord {
  const app = world.apps.get(id);
  if (app === undefined) throw new Error(`no App ${id} in the simulated GitHub`);
  return app;
}

/** Teams of an organisation below `team`, itself included. */
export function withChildren(world: World, team: Team): Team[] {
  const below = [...world.teams.values()].filter((other) => other.parentId === team.id);
  return [team, ...below.flatMap((child) => withChildren(world, child))];
}

/** Membership as GitHub answers it: members of child teams are members of the parent. */
export function teamMembership(
  world: World,
  team: Team,
  userId: number,
): { role: string; state: string } | null {
  const direct = team.members.get(userId);
  if (direct !== undefined) return direct;
  for (const child of withChildren(world, team).slice(1)) {
    const member = child.members.get(userId);
    if (member?.state === "active") return { role: "member", state: "active" };
  }
  return null;
}

/** What a team gives in a repository, its own or through its parents. */
export function teamRole(world: World, team: Team, repo: Repo): Role {
  let role: Role = "none";
  for (
    let at: Team | undefined = team;
    at !== undefined;
    at = at.parentId === null ? undefined : world.teams.get(at.parentId)
  ) {
    role = higher(role, at.repos.get(repo.id) ?? "none");
  }
  return role;
}

/** What an account may do in a repository: the highest of collaborator, team, organisation and public access. */
export function roleIn(world: World, repo: Repo, userId: number): Role {
  const owner = accountOf(world, repo.ownerId);
  if (owner.id === userId) return "admin";
  let role: Role = repo.private ? "none" : "read";
  role = higher(role, repo.collaborators.get(userId) ?? "none");
  const membership = owner.members.get(userId);
  if (membership?.state === "active") {
    if (membership.role === "admin") return "admin";
    role = higher(role, owner.baseRole);
    for (const team of world.teams.values()) {
      if (team.orgId === owner.id && team.members.get(userId)?.state === "active")
        role = higher(role, teamRole(world, team, repo));
    }
  }
  return role;
}

export function authorAssociation(world: World, repo: Repo, userId: number | null): string {
  if (userId === null) return "NONE";
  if (repo.ownerId === userId) return "OWNER";
  if (accountOf(world, repo.ownerId).members.get(userId)?.state === "active") return "MEMBER";
  if (repo.collaborators.has(userId)) return "COLLABORATOR";
  const merged = [...repo.pulls.values()].some(
    (pull) => pull.merged && repo.issues.get(pull.number)?.authorId === userId,
  );
  return merged ? "CONTRIBUTOR" : "NONE";
}
