import type { Actors } from "#core/model/actor.ts";
import { either, listed } from "#core/text/phrases.ts";
import type { PolicyContext } from "../kit/rule.ts";
import { actorNames, teamOf } from "#core/people/who-is-among.ts";

type Where = Pick<PolicyContext, "owner" | "absent">;

/** Lists that became empty are none: an empty one would read as nobody in particular. */
const some = <T>(list: readonly T[] | undefined): readonly T[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list;

/**
 * A next step that people can take: `say` makes the sentence of those there are ("@ada or people with write access");
 * who does not exist is not sent for, and anybody who can mend the policy is told.
 */
export function nextOfPresent(
  actors: Actors,
  { owner, absent }: Where,
  say: (who: string) => string,
): string {
  if (absent === undefined) return say(either(actorNames(actors, owner)));
  const isTeam = (team: string): boolean => absent.teams.has(teamOf(team, owner).toLowerCase());
  const isUser = (user: string): boolean => absent.users.has(user.toLowerCase());
  const gone = actorNames(
    { teams: some(actors.teams?.filter(isTeam)), users: some(actors.users?.filter(isUser)) },
    owner,
  );
  if (gone.length === 0) return say(either(actorNames(actors, owner)));
  const there: Actors = {
    teams: some(actors.teams?.filter((team) => !isTeam(team))),
    users: some(actors.users?.filter((user) => !isUser(user))),
    roles: actors.roles,
  };
  const who = actorNames(there, owner);
  const verb = gone.length === 1 ? "does" : "do";
  const mend = `${listed(gone, 4)} ${verb} not exist`;
  return who.length === 0
    ? `Nobody can do it: ${mend}. An administrator corrects the name in the policy, or makes what it names.`
    : `${say(either(who))} ${mend}: an administrator corrects the policy.`;
}
