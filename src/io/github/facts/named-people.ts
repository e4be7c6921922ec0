import type { Person } from "#core/model/actor.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { readTeam } from "../read/teams.ts";
import type { FactCaches } from "./fact-caches.ts";
import { readAccount, readTeamMembers, teamOf } from "./read-people.ts";

/** Who is behind a name, and the id that the name stands for now; `id` null where there is none, or it is not to be seen. */
export async function membersOf(
  github: GitHub,
  repository: RepositoryRecord,
  caches: FactCaches,
  named: string,
): Promise<{
  readonly name: string;
  readonly id: number | null;
  readonly people: readonly Person[];
}> {
  const { org, slug } = teamOf(named, repository.owner);
  const key = `${repository.installationId}:${org}/${slug}`.toLowerCase();
  const [team, people] = await Promise.all([
    caches.teamIds.get(key, () => readTeam(github, repository, org, slug)),
    caches.teams.get(key, () => readTeamMembers(github, repository, named)),
  ]);
  return { name: `${org}/${slug}`, id: team?.id ?? null, people };
}

export const accountOf = (
  github: GitHub,
  repository: RepositoryRecord,
  caches: FactCaches,
  login: string,
): Promise<Person | null> =>
  caches.accounts.get(`${repository.installationId}:${login.toLowerCase()}`, () =>
    readAccount(github, repository, login),
  );
