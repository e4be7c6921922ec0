import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { type Actors, hasAtLeast, type Person, type Role, roles } from "#core/model/actor.ts";
import type { Ask } from "#core/facts/ask.ts";

/** A person whose rights are asked about. `canPush`: role write or stronger, known for free with a review; null where it is not. */
export interface Candidate {
  readonly person: Person;
  readonly canPush: boolean | null;
}

/**
 * Whether the person is one of the users, in one of the teams, or holds one of the roles (or a stronger one).
 * `undefined` while a membership, an account or a role has not been read. Checks without a call come first: a fact
 * that cannot change the answer is not asked for.
 */
export function isAmong(
  candidate: Candidate,
  actors: Actors,
  owner: string,
  ask: Ask,
): boolean | undefined {
  const role = weakestOf(actors.roles);
  const holdsRole = role === null ? false : roleSettledByPush(candidate, role);
  if (holdsRole === true) return true;

  const answers = [
    ...(role !== null && holdsRole === undefined
      ? [holdsAtLeast(candidate.person, role, ask)]
      : []),
    ...(actors.users ?? []).map((login) => isAccount(candidate.person, login, ask)),
    ...(actors.teams ?? []).map((team) => isMember(candidate.person, team, owner, ask)),
  ];
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** People are compared by id once the login is resolved: logins are renamed, recycled and written in any case. */
export function isAccount(person: Person, login: string, ask: Ask): boolean | undefined {
  const named = ask(account.need(login));
  if (named === undefined) return undefined;
  // There is no account of that login, but somebody acts under it (an App, for example): then it is theirs.
  return named === null ? sameLogin(person.login, login) : named.id === person.id;
}

export function isMember(
  person: Person,
  team: string,
  owner: string,
  ask: Ask,
): boolean | undefined {
  return ask(teamMembers.need(teamOf(team, owner)))?.some((member) => member.id === person.id);
}

export const sameLogin = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A team as facts name it: the bare slug in the owner's own organisation, `org/slug` elsewhere. */
export function teamOf(team: string, owner: string): string {
  const [organization, slug] = team.replace(/^@/u, "").split("/", 2);
  if (organization === undefined || slug === undefined) return team.replace(/^@/u, "");
  return sameLogin(organization, owner) ? slug : `${organization}/${slug}`;
}

export function weakestOf(list: readonly Role[] | undefined): Role | null {
  return (list ?? []).reduce<Role | null>(
    (weakest, role) =>
      weakest === null || roles.indexOf(role) < roles.indexOf(weakest) ? role : weakest,
    null,
  );
}

/** "@acme/security, @bob or people with the role maintain". */
export function actorNames(actors: Actors, owner: string): readonly string[] {
  const role = weakestOf(actors.roles);
  return [
    ...(actors.teams ?? []).map((team) => `@${qualified(team, owner)}`),
    ...(actors.users ?? []).map((login) => `@${login}`),
    ...(role === null
      ? []
      : [role === "write" ? "people with write access" : `people with the role ${role}`]),
  ];
}

function qualified(team: string, owner: string): string {
  const slug = teamOf(team, owner);
  return slug.includes("/") || owner === "" ? slug : `${owner}/${slug}`;
}

function roleSettledByPush(candidate: Candidate, minimum: Role): boolean | undefined {
  if (candidate.canPush === null) return undefined;
  if (candidate.canPush) return hasAtLeast("write", minimum) ? true : undefined;
  return hasAtLeast(minimum, "write") ? false : undefined;
}

function holdsAtLeast(person: Person, minimum: Role, ask: Ask): boolean | undefined {
  const held = ask(roleOf.need(person));
  return held === undefined ? undefined : hasAtLeast(held, minimum);
}
