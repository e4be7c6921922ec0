import type { Person } from "./actor.ts";

/** Whom the commits of a pull request named at one head. */
export interface CommitsSeen {
  readonly headSha: string;
  /** The branch that they were listed against. */
  readonly baseRef: string;
  readonly commits: readonly { readonly sha: string; readonly people: readonly Person[] }[];
  /** Every commit that the pull request has at that head and base. */
  readonly complete: boolean;
}

/** Somebody whom a commit of a pull request named. */
export interface ContributorSeen {
  readonly commit: string;
  readonly person: Person;
  /** The last head at which the commit was listed. */
  readonly headSha: string;
  /** A base that holds the commit: under it the commit is none of the pull request's. null: none is known. */
  readonly withinBase: string | null;
}
