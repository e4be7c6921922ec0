import { type Actors, type Role, roles } from "#core/model/actor.ts";
import type { Direction } from "./rule.ts";

/**
 * How two values of one parameter compare, for `repositories_may: tighten`. The first argument is always the
 * organisation's. What cannot be compared is looser: a doubt never widens what a repository may do.
 */
export function together(...fields: readonly Direction[]): Direction {
  if (fields.includes("looser")) return "looser";
  if (fields.includes("beside")) return "beside";
  return fields.includes("tighter") ? "tighter" : "same";
}

export function moreIsTighter(
  organization: number | undefined,
  repository: number | undefined,
): Direction {
  if (organization === repository) return "same";
  if (organization === undefined) return "tighter";
  if (repository === undefined) return "looser";
  return repository > organization ? "tighter" : "looser";
}

/** Upper limits: left out means no limit. */
export function lessIsTighter(
  organization: number | undefined,
  repository: number | undefined,
): Direction {
  if (organization === repository) return "same";
  if (organization === undefined) return "tighter";
  if (repository === undefined) return "looser";
  return repository < organization ? "tighter" : "looser";
}

export function trueIsTighter(organization: boolean, repository: boolean): Direction {
  if (organization === repository) return "same";
  return repository ? "tighter" : "looser";
}

export const falseIsTighter = (organization: boolean, repository: boolean): Direction =>
  trueIsTighter(!organization, !repository);

/** Strings are compared as they are written: two globs or patterns that mean the same are not known to. */
export function moreMembersAreTighter(
  organization: readonly string[],
  repository: readonly string[],
): Direction {
  const ours = new Set(organization);
  const theirs = new Set(repository);
  if (organization.some((each) => !theirs.has(each))) return "looser";
  return repository.some((each) => !ours.has(each)) ? "tighter" : "same";
}

export const fewerMembersAreTighter = (
  organization: readonly string[],
  repository: readonly string[],
): Direction => moreMembersAreTighter(repository, organization);

/** A value that is tighter but leaves out evidence that may fail is judged in addition to the organisation's value. */
export const besideIf = (leavesOut: boolean, direction: Direction): Direction =>
  direction === "tighter" && leavesOut ? "beside" : direction;

/** A pattern: setting one where there was none tightens, another one is another demand. */
export function pinIsTighter(
  organization: string | number | undefined,
  repository: string | number | undefined,
): Direction {
  if (organization === repository) return "same";
  return organization === undefined ? "tighter" : "looser";
}

/** Positions on a scale, loosest first. */
export function laterIsTighter<Step>(
  scale: readonly Step[],
  organization: Step,
  repository: Step,
): Direction {
  return moreIsTighter(scale.indexOf(organization), scale.indexOf(repository));
}

/** Fewer people is tighter. Both sides name somebody: defaults are filled in by the caller. */
export function fewerPeopleAreTighter(organization: Actors, repository: Actors): Direction {
  return together(
    fewerMembersAreTighter(folded(organization.users), folded(repository.users)),
    fewerMembersAreTighter(folded(organization.teams), folded(repository.teams)),
    strongerRoleIsTighter(organization.roles, repository.roles),
  );
}

/** Users and teams in any case are the same. */
const folded = (names: readonly string[] | undefined): readonly string[] =>
  (names ?? []).map((name) => name.toLowerCase());

function strongerRoleIsTighter(
  organization: readonly Role[] | undefined,
  repository: readonly Role[] | undefined,
): Direction {
  // Naming no role is tighter than any role.
  const weakest = (list: readonly Role[] | undefined): number =>
    list === undefined || list.length === 0
      ? roles.length
      : Math.min(...list.map((role) => roles.indexOf(role)));
  return moreIsTighter(weakest(organization), weakest(repository));
}
