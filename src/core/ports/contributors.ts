import type { Person } from "#core/model/actor.ts";
import type { CommitsSeen, ContributorSeen } from "#core/model/contributor-seen.ts";

/** Who had a hand in a pull request, at whatever head: a force-push takes commits out of GitHub's list, not out of this one. */
export interface ContributorsSeen {
  readonly note: (repository: number, number: number, seen: CommitsSeen) => Promise<void>;
  readonly of: (repository: number, number: number) => Promise<readonly ContributorSeen[]>;
  /** Who pushed what the pull request has over this base; whom an earlier look told of stays. */
  readonly notePushers: (
    repository: number,
    number: number,
    baseRef: string,
    people: readonly Person[],
  ) => Promise<void>;
  readonly pushers: (
    repository: number,
    number: number,
    baseRef: string,
  ) => Promise<readonly Person[]>;
}
