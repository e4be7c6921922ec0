import type { Person, Role } from "#core/model/actor.ts";
import { defineFact } from "#core/model/fact.ts";

/**
 * Whatever changes what somebody may do in a repository: their own role there, a team's, their place in a team or in the
 * organisation, and who may see the repository at all.
 */
export const accessChanges = [
  "member.added",
  "member.edited",
  "member.removed",
  "membership.added",
  "membership.removed",
  "organization.member_added",
  "organization.member_removed",
  "repository.privatized",
  "repository.publicized",
  "repository.transferred",
  "team.added_to_repository",
  "team.deleted",
  "team.edited",
  "team.removed_from_repository",
] as const;

/** Members of a team, child teams included, pending invitations left out. `team` is a slug or `org/slug`. */
export const teamMembers = defineFact<string, readonly Person[]>({
  name: "team_members",
  summary: "The active members of a team.",
  changedBy: [
    "membership.added",
    "membership.removed",
    "organization.member_added",
    "organization.member_removed",
    "team.created",
    "team.deleted",
    "team.edited",
  ],
  permissions: ["members"],
  cost: "shared",
  describe: (team) => `the members of the team ${team}`,
});

const role = defineFact<Pick<Person, "id" | "login">, Role>({
  name: "role",
  summary: "A person's role in the repository.",
  changedBy: accessChanges,
  permissions: ["metadata"],
  cost: "shared",
  describe: ({ login }) => `the role of @${login}`,
});

/**
 * A person's role in the repository now (GitHub's `role_name`, custom roles folded onto their base). It is the account's,
 * by its id: the login, as it was when somebody acted, only says where to look first.
 */
export const roleOf = {
  ...role,
  need: ({ id, login }: Pick<Person, "id" | "login">) => role.need({ id, login }),
};

/** The account behind a login that a policy or CODEOWNERS names; null where there is none. */
export const account = defineFact<string, Person | null>({
  name: "account",
  summary: "The account behind a login.",
  changedBy: [],
  permissions: ["metadata"],
  cost: "shared",
  describe: (login) => `the account @${login}`,
});
