import { teamMembers } from "#core/facts/people.ts";
import type { Actors } from "#core/model/actor.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import { count } from "#core/text/phrases.ts";
import { teamOf } from "#core/people/who-is-among.ts";

/** How many approvals are needed and from whom. Nobody named: anybody with write access. */
export interface AskedPeople extends Actors {
  readonly wanted: number;
}

/** Users and members of the teams, each once; null where holders of a role may count too, or a team cannot be read. */
function headcount(asked: AskedPeople, owner: string, facts: FactTable): number | null {
  if (
    (asked.roles ?? []).length > 0 ||
    (asked.users ?? []).length + (asked.teams ?? []).length === 0
  )
    return null;
  const logins = new Set((asked.users ?? []).map((login) => login.toLowerCase()));
  for (const team of asked.teams ?? []) {
    const members = lookUp(facts, teamMembers.need(teamOf(team, owner)));
    if (members?.ok !== true) return null;
    for (const { login } of members.value) logins.add(login.toLowerCase());
  }
  return logins.size;
}

const listed = (asked: AskedPeople): string =>
  [...(asked.teams ?? []), ...(asked.users ?? [])].join(", ");

/** Why these people cannot give so many approvals: a team that cannot be seen, or too few people. `what`: "approval". */
export function whyTooFew(
  asked: AskedPeople,
  what: string,
  owner: string,
  facts: FactTable,
): readonly string[] {
  const unseen = (asked.teams ?? []).filter((team) => {
    const members = lookUp(facts, teamMembers.need(teamOf(team, owner)));
    return members?.ok === false && (members.code === "not_found" || members.code === "forbidden");
  });
  // Others are named as well: without the team there may still be enough of them.
  const isOnlyTeams = (asked.users ?? []).length + (asked.roles ?? []).length === 0;
  if (unseen.length > 0 && isOnlyTeams)
    return [`the team ${unseen.join(", ")} is not there, or the App cannot see it`];
  const there = headcount(asked, owner, facts);
  if (there === null || there >= asked.wanted) return [];
  return [
    `it asks for ${count(asked.wanted, what)}, and ${listed(asked)} ${there === 0 ? "has nobody in it" : `${there === 1 ? "is" : "are"} ${count(there, "person", "people")}`}`,
  ];
}
