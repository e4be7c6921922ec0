import type { Person } from "#core/model/actor.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { ListedCommit } from "./parse-commits.ts";

/** A merge of the base into the head branch: `own` is the parent that is the pull request's, `base` the other one. */
export interface MergeOfBase {
  readonly sha: string;
  readonly own: string;
  readonly base: string;
}

/** Merges of the base that add nothing of their own, so that they are nobody's work. */
export interface MergesOfBase {
  /** Which of these it is true of. Each is looked at once; what was found is kept, for GitHub forgets commits. */
  readonly clean: (
    repository: RepositoryRecord,
    merges: readonly MergeOfBase[],
    addsNothing: (merge: MergeOfBase) => Promise<boolean>,
  ) => Promise<ReadonlySet<string>>;
  /** Which of these commits are known as such, with their own parents; they may have left the pull request since. */
  readonly known: (
    repository: RepositoryRecord,
    shas: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
}

const notClean = "";

export function createMergesOfBase(records: Pick<Records, "getValues" | "setValue">): MergesOfBase {
  const keyOf = ({ id }: RepositoryRecord, sha: string): string => `merge-of-base:${id}:${sha}`;
  const kept = async (
    repository: RepositoryRecord,
    shas: readonly string[],
  ): Promise<ReadonlyMap<string, string>> => {
    if (shas.length === 0) return new Map();
    const values = await records.getValues(shas.map((sha) => keyOf(repository, sha)));
    return new Map(
      shas.flatMap((sha): readonly [string, string][] => {
        const own = values.get(keyOf(repository, sha));
        return own === undefined ? [] : [[sha, own]];
      }),
    );
  };
  return {
    clean: async (repository, merges, addsNothing) => {
      const before = await kept(
        repository,
        merges.map(({ sha }) => sha),
      );
      const clean = new Set<string>();
      for (const merge of merges) {
        let own = before.get(merge.sha);
        if (own === undefined) {
          own = (await orNot(addsNothing(merge))) ? merge.own : notClean;
          await records.setValue(keyOf(repository, merge.sha), own);
        }
        if (own === merge.own) clean.add(merge.sha);
      }
      return clean;
    },
    known: async (repository, shas) =>
      new Map(
        [...(await kept(repository, [...new Set(shas)]))].filter(([, own]) => own !== notClean),
      ),
  };
}

/** What GitHub cannot show is not proved; what it cannot show now is asked again. */
async function orNot(proved: Promise<boolean>): Promise<boolean> {
  try {
    return await proved;
  } catch (error) {
    if (error instanceof GatehouseError && !isTransient(error.code)) return false;
    throw error;
  }
}

/** In a pull request's whole list: a parent that is not in it is the base's. */
export function mergesOfBaseIn(commits: readonly ListedCommit[]): readonly MergeOfBase[] {
  const listed = new Set(commits.map(({ sha }) => sha));
  return commits.flatMap(({ sha, parents, parentShas }) => {
    const [own, ...others] = parentShas.filter((parent) => listed.has(parent));
    const base = parentShas.find((parent) => !listed.has(parent));
    return parents === 2 && own !== undefined && others.length === 0 && base !== undefined
      ? [{ sha, own, base }]
      : [];
  });
}

/** Those that name somebody who is not named as the opener or by other commits: of the rest it changes nothing. */
export function thatNameOthers(
  merges: readonly MergeOfBase[],
  commits: readonly ListedCommit[],
  opener: Person | null,
): readonly MergeOfBase[] {
  const ids = new Set(merges.map(({ sha }) => sha));
  const peopleOf = ({ authors, committer }: ListedCommit) =>
    [...authors, ...(committer === null ? [] : [committer])].map(({ person }) => person?.id);
  const named = new Set([
    opener?.id,
    ...commits.filter(({ sha }) => !ids.has(sha)).flatMap(peopleOf),
  ]);
  named.delete(undefined);
  const others = new Set(
    commits
      .filter((commit) => ids.has(commit.sha) && peopleOf(commit).some((id) => !named.has(id)))
      .map(({ sha }) => sha),
  );
  return merges.filter(({ sha }) => others.has(sha));
}
