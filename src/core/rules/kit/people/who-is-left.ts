import { softly } from "#core/facts/if-readable.ts";
import { teamMembers } from "#core/facts/people.ts";
import type { Actors, Person } from "#core/model/actor.ts";
import type { Ask } from "#core/facts/ask.ts";
import { count, either } from "#core/text/phrases.ts";
import { actorNames, sameLogin, teamOf } from "#core/people/who-is-among.ts";

/** The people whose approval a requirement can still get. */
export interface Circle {
  readonly actors: Actors;
  readonly owner: string;
  /** People whose approval does not count, and why, for readers: "worked on this change". */
  readonly barred: readonly Person[];
  readonly because: string;
  /** People whose approval counts already. */
  readonly counted: readonly Person[];
  /** How many more people are needed. */
  readonly missing: number;
}

/** `left`: null if it is unknown. `says`: why too few are left and what an administrator can do; null if there are enough. */
export interface Left {
  readonly left: number | null;
  readonly says: string | null;
}

const untold: Left = { left: null, says: null };

/**
 * Who can still approve. It only explains, so facts that cannot be read do no harm. `undefined` while something has
 * not been read.
 */
export function whoIsLeft(circle: Circle, ask: Ask): Left | undefined {
  const { actors, owner, barred, because, counted } = circle;
  // A role may be held by anybody.
  if (actors.roles !== undefined) return untold;
  const left = new Set<string>();
  const obstacles: string[] = [];
  const isBarred = (person: Person): boolean => barred.some(({ id }) => id === person.id);
  const isSpent = (person: Person): boolean => counted.some(({ id }) => id === person.id);
  for (const login of actors.users ?? []) {
    const isNamed = ({ login: other }: Person): boolean => sameLogin(other, login);
    if (barred.some(isNamed))
      obstacles.push(`@${login} ${because}: the policy names somebody else`);
    else if (!counted.some(isNamed)) left.add(login.toLowerCase());
  }
  const teams = (actors.teams ?? []).map((team) => ({
    name: nameOf(team, owner),
    members: ask(softly(teamMembers.need(teamOf(team, owner)))),
  }));
  if (teams.some(({ members }) => members === undefined)) return undefined;
  for (const { name, members } of teams) {
    if (members === undefined || (!members.told && members.code !== "not_found")) return untold;
    const obstacle = members.told ? emptied(name, members.value, isBarred, because) : unseen(name);
    if (obstacle !== null) obstacles.push(obstacle);
    for (const member of members.told ? members.value : [])
      if (!isBarred(member) && !isSpent(member)) left.add(member.login.toLowerCase());
  }
  if (left.size >= circle.missing) return { left: left.size, says: null };
  if (left.size > 0)
    obstacles.unshift(
      `only ${count(left.size, "person", "people")} of those who may can still do so, and ${circle.missing} are needed: an administrator adds people, or the policy asks for fewer`,
    );
  if (obstacles.length === 0)
    obstacles.push(
      `nobody of ${either(actorNames(actors, owner))} is left who has not said it already: an administrator adds people, or the policy asks for fewer`,
    );
  return { left: left.size, says: obstacles.map(sentence).join(" ") };
}

/** "@acme/core": as people write it. */
export function nameOf(team: string, owner: string): string {
  const slug = teamOf(team, owner);
  return `@${slug.includes("/") || owner === "" ? slug : `${owner}/${slug}`}`;
}

/** Why nobody of a team can approve; null if somebody can. */
export function emptied(
  name: string,
  members: readonly Person[],
  isBarred: (person: Person) => boolean,
  because: string,
): string | null {
  if (members.length === 0)
    return `${name} has no members: an administrator adds somebody to the team`;
  return members.every(isBarred)
    ? `everybody of ${name} ${because}: an administrator adds somebody to the team`
    : null;
}

export const unseen = (name: string): string =>
  `there is no team ${name} that this App can see: an administrator makes it, or the policy names another`;

export const sentence = (words: string): string =>
  `${words.replace(/^[a-z]/u, (letter) => letter.toUpperCase())}.`;
