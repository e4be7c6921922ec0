import { account, teamMembers } from "#core/facts/people.ts";
import type { Actors } from "#core/model/actor.ts";
import type { Ask } from "#core/facts/ask.ts";
import { teamOf } from "#core/people/who-is-among.ts";
import { countedActors, type ReviewsParams, totalOf } from "./params.ts";
import { approvalsFrom } from "./phrases.ts";

/**
 * Warnings about counts that nobody could ever reach: more approvals than there are people to give them.
 * Asked only where the memberships were read anyway. `undefined` while one is unread.
 */
export function unreachableCounts(
  params: ReviewsParams,
  owner: string,
  ask: Ask,
): readonly string[] | undefined {
  const demands = [
    { wanted: totalOf(params), actors: countedActors(params) },
    ...(params.each ?? []).map((entry) => ({ wanted: entry.approvals, actors: entry })),
  ];
  const counted = demands.map(({ wanted, actors }) => ({
    wanted,
    actors,
    most: mostPeople(actors, owner, ask),
  }));
  const warnings: string[] = [];
  for (const { wanted, actors, most } of counted) {
    if (most === undefined) return undefined;
    if (most !== null && most < wanted)
      warnings.push(
        `${approvalsFrom(wanted, actors, owner)} can never be reached: there are fewer people who could give them.`,
      );
  }
  return warnings;
}

/** null: anybody with a role, so nobody knows how many. */
function mostPeople(actors: Actors, owner: string, ask: Ask): number | null | undefined {
  if (actors.roles !== undefined) return null;
  const users = (actors.users ?? []).map((login) => ask(account.need(login)));
  const teams = (actors.teams ?? []).map((team) => ask(teamMembers.need(teamOf(team, owner))));
  if (users.includes(undefined) || teams.includes(undefined)) return undefined;
  return new Set(
    [...users, ...teams.flatMap((members) => members ?? [])]
      .map((person) => person?.id)
      .filter((id) => id !== undefined),
  ).size;
}
