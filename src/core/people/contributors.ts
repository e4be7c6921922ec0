import type { Contributor } from "#core/model/contributor.ts";
import type { CommitFact, CommitIdentity, PullRequestFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import { isAgent } from "./agents.ts";

/** By numeric id. */
export type Contributors = ReadonlyMap<number, Contributor>;

type NamedCommit = Pick<CommitFact, "authors" | "committer" | "cleanMerge">;

/** What one pull request tells of the people behind it. */
export interface PeopleOfChange {
  /** null: the account is gone. */
  readonly opener: Person | null;
  readonly commits: readonly NamedCommit[];
  /** Who pushed to the head branch, by GitHub's own record. */
  readonly pushers: readonly Person[];
  /** People named by commits of earlier heads, from our own record. */
  readonly earlier: readonly Person[];
  /** Who asked a coding agent for it, where GitHub tells who that was. */
  readonly asked: readonly Person[];
}

/** Collects them for a pull request whose commits and pushes were read. */
export const peopleOfChange = (
  {
    author,
    earlierContributors,
    askedBy,
  }: Pick<PullRequestFact, "author" | "earlierContributors" | "askedBy">,
  commits: readonly CommitFact[],
  pushers: readonly Person[],
): PeopleOfChange => ({
  opener: author,
  commits,
  pushers,
  earlier: earlierContributors ?? [],
  asked: askedBy ?? [],
});

/**
 * The one definition of who had a hand in a change, at reviews, deployments and alerts alike: the opener; authors,
 * co-authors and committers of every commit, second parents and those of earlier heads included; the person who pushed to
 * the branch (threat T8); and the person who asked a coding agent for the change.
 * A clean merge of the base is nobody's work: the person who pressed "Update branch" had no hand in it.
 * Git's author lines can be forged, so they only ever take a right away, never give one (threat T11).
 */
export function contributorsTo(changes: readonly PeopleOfChange[]): Contributors {
  const found = new Map<number, Contributor>();
  const add = (person: Person | null | undefined, did: string): void => {
    if (person && !found.has(person.id)) found.set(person.id, { person, did });
  };
  for (const { opener } of changes) add(opener, "opened it");
  for (const { commits } of changes) {
    for (const commit of worked(commits)) {
      add(commit.authors[0]?.person, "wrote commits");
      add(commit.committer?.person, "committed");
    }
    for (const commit of worked(commits))
      for (const author of commit.authors.slice(1)) add(author.person, coAuthor);
  }
  for (const { pushers } of changes)
    for (const pusher of pushers) add(pusher, "pushed to the branch");
  for (const { earlier } of changes)
    for (const person of earlier) add(person, "contributed to an earlier head");
  for (const change of changes)
    if (isOfAgent(change)) for (const person of change.asked) add(person, "asked an agent for it");
  return found;
}

/** What the author of a review's suggestion becomes when it is applied. */
export const coAuthor = "is a co-author of commits";

const worked = <C extends NamedCommit>(commits: readonly C[]): readonly C[] =>
  commits.filter(({ cleanMerge }) => cleanMerge !== true);

/** Whether an agent took part: somebody who asked an agent for something it never did, or for a review, is no contributor. */
const isOfAgent = ({ opener, commits, pushers, earlier }: PeopleOfChange): boolean =>
  [
    opener,
    ...pushers,
    ...earlier,
    ...worked(commits).flatMap(({ authors, committer }) =>
      [...authors, committer].map((identity) => identity?.person),
    ),
  ].some((person) => person !== null && person !== undefined && isAgent(person));

/** Whether no account behind the change is known, so that nobody can be cleared of having contributed. */
export const namesNobody = ({ opener, pushers, commits }: PeopleOfChange): boolean =>
  opener === null && pushers.length === 0 && unmappedIdentities(commits).length > 0;

/** Names in commits without a GitHub account: they may be anybody, so nobody can be cleared of having contributed. */
export function unmappedIdentities(commits: readonly NamedCommit[]): readonly string[] {
  const identities = worked(commits).flatMap((commit): readonly (CommitIdentity | null)[] => [
    ...commit.authors,
    commit.committer,
  ]);
  return [
    ...new Set(
      identities.flatMap((identity) =>
        identity !== null && identity.person === null ? [identity.name] : [],
      ),
    ),
  ];
}
