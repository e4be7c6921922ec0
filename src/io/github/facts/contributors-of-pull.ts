import { directBaseOf, type CommitFact, type PullRequestFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import type { CommitsSeen } from "#core/model/contributor-seen.ts";
import { commitsSeen, earlierContributors } from "#core/people/earlier-contributors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import { commitsInOverview } from "./commits-in-overview.ts";
import type { MergesOfBase } from "./merges-of-base.ts";
import type { Overview } from "./overview.ts";
import type { PullParts } from "./parse-pull.ts";

/** The record of contributors to pull requests, updated and read whenever one is read. */
export interface ContributorRecord {
  readonly withEarlier: (
    repository: RepositoryRecord,
    parts: PullParts,
    overview: Overview | null,
  ) => Promise<PullParts>;
  readonly note: (
    repository: RepositoryRecord,
    pull: PullRequestFact,
    commits: readonly CommitFact[],
    complete: boolean,
  ) => Promise<void>;
  readonly allPushers: (
    repository: RepositoryRecord,
    pull: PullRequestFact,
    found: readonly Person[],
  ) => Promise<readonly Person[]>;
}

export function createContributorRecord(
  { contributors }: Pick<Store, "contributors">,
  mergesOfBase: Pick<MergesOfBase, "known">,
) {
  const note: ContributorRecord["note"] = async (repository, pull, commits, complete) => {
    // A list without the head was read at another moment than the head.
    if (!commits.some(({ sha }) => sha === pull.headSha)) complete = false;
    await contributors.note(repository.id, pull.number, seenBy(pull, commits, complete));
  };
  return {
    note,
    // Without recorded contributors this costs one query of the database.
    withEarlier: async (repository, parts, overview) => {
      const { pullRequest } = parts;
      const seen = await contributors.of(repository.id, pullRequest.number);
      const before = seen.filter(({ headSha }) => headSha !== pullRequest.headSha);
      const clean = await mergesOfBase.known(
        repository,
        before.map(({ commit }) => commit),
      );
      const earlier = earlierContributors(
        before.filter(({ commit }) => !clean.has(commit)),
        { headSha: pullRequest.headSha, baseRef: directBaseOf(pullRequest) },
      );
      // Merged or closed, the list is compared with a base that has gone on.
      if (overview !== null && pullRequest.state === "open") {
        const { commits, complete } = commitsInOverview(overview);
        await note(repository, pullRequest, commits, complete);
      }
      return earlier.length === 0
        ? parts
        : { ...parts, pullRequest: { ...pullRequest, earlierContributors: earlier } };
    },
    // Webhooks may be lost and GitHub's own record is limited, so pushers that were found once are kept for the
    // same base.
    allPushers: async (repository, pull, found) => {
      const base = directBaseOf(pull);
      if (pull.state === "open")
        await contributors.notePushers(repository.id, pull.number, base, found);
      const people = new Map(
        [...found, ...(await contributors.pushers(repository.id, pull.number, base))].map(
          (person) => [person.id, person],
        ),
      );
      return [...people.values()];
    },
  } satisfies ContributorRecord;
}

const seenBy = (
  pull: PullRequestFact,
  commits: readonly CommitFact[],
  complete: boolean,
): CommitsSeen =>
  commitsSeen({ headSha: pull.headSha, baseRef: directBaseOf(pull), complete }, commits);
