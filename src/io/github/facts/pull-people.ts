import {
  type CommitFact,
  commits as commitsFact,
  pullRequest,
  type PullRequestFact,
  pushers,
} from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import { lookUp, type FactResult, type FactTable } from "#core/model/fact.ts";
import type { FactSession } from "#core/ports/facts.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";

/** Who had a hand in a pull request, as it stood at one head. */
export interface PullPeople {
  readonly pull: PullRequestFact;
  readonly commits: readonly CommitFact[];
  readonly pushers: readonly Person[];
}

/** What evaluations of pull requests have read of their people: a deployment of them need not ask again. */
export interface PullPeopleCache {
  /** A session that leaves behind what it reads. */
  readonly remembering: (
    repository: RepositoryRecord,
    number: number,
    session: FactSession,
  ) => FactSession;
  /** null: nothing is remembered of exactly that head. */
  readonly of: (repository: RepositoryRecord, number: number, headSha: string) => PullPeople | null;
  /** Numbers of remembered pull requests that hold the commit. */
  readonly holding: (repository: RepositoryRecord, sha: string) => readonly number[];
}

const mostPulls = 2_000;

/** The people of a pull request in what was read; null while a part is missing or cannot be read. */
export function peopleIn(table: FactTable): PullPeople | null {
  const pull = lookUp(table, pullRequest.need());
  const commits = lookUp(table, commitsFact.need());
  const pushed = lookUp(table, pushers.need());
  return pull?.ok === true && commits?.ok === true && pushed?.ok === true
    ? { pull: pull.value, commits: commits.value, pushers: pushed.value }
    : null;
}

export function createPullPeopleCache(): PullPeopleCache {
  const known = new Map<string, PullPeople>();
  const placeOf = ({ installationId, id }: RepositoryRecord): string => `${installationId}:${id}:`;
  return {
    remembering: (repository, number, session) => {
      const seen = new Map<string, FactResult<unknown>>();
      return {
        ...session,
        read: async (needs) => {
          const table = await session.read(needs);
          for (const [key, result] of table) seen.set(key, result);
          const people = peopleIn(seen);
          if (people === null) return table;
          const key = `${placeOf(repository)}${number}`;
          known.delete(key);
          known.set(key, people);
          for (const oldest of known.keys()) {
            if (known.size <= mostPulls) break;
            known.delete(oldest);
          }
          return table;
        },
      };
    },
    of: (repository, number, headSha) => {
      const found = known.get(`${placeOf(repository)}${number}`);
      return found?.pull.headSha === headSha ? found : null;
    },
    holding: (repository, sha) => {
      const place = placeOf(repository);
      return [...known].flatMap(([key, { pull, commits }]) =>
        key.startsWith(place) && commits.some((commit) => commit.sha === sha) ? [pull.number] : [],
      );
    },
  };
}
