import type { CommitFact, CommitIdentity, PullRequestFact } from "../../facts/pull-request.ts";
import type { Person } from "../../model/actor.ts";
import { count, listed } from "../phrases.ts";
import type { ReviewsParams } from "./params.ts";

/** Somebody who had a hand in the change, and which: the first thing found is kept. */
export interface Contributor {
  readonly person: Person;
  readonly did: string;
}

/** By numeric id. */
export type Contributors = ReadonlyMap<number, Contributor>;

/**
 * The opener; authors, co-authors and committers of every commit, second parents included; and whoever pushed to the
 * branch by GitHub's own record (threat T8). Git's author lines can be forged, so they only ever take a right to
 * approve away, never give one (threat T11).
 */
export function contributorsOf(
  pull: PullRequestFact,
  commits: readonly CommitFact[],
  pushers: readonly Person[],
  params: Pick<ReviewsParams, "allow_author" | "allow_contributors">,
): Contributors {
  const found = new Map<number, Contributor>();
  const bar = (person: Person | null | undefined, did: string): void => {
    if (person && !found.has(person.id)) found.set(person.id, { person, did });
  };
  bar(pull.author, "opened it");
  if (!params.allow_contributors) {
    for (const commit of commits) {
      for (const author of commit.authors) bar(author.person, "wrote commits");
      bar(commit.committer?.person, "committed");
    }
    for (const pusher of pushers) bar(pusher, "pushed to the branch");
  }
  // Where openers may approve, they may whatever else they did: nearly every opener wrote the commits too.
  if (params.allow_author && pull.author !== null) found.delete(pull.author.id);
  return found;
}

/** Names in commits behind which GitHub knows no account: they may be anybody's, so they clear nobody. */
export function unmappedIdentities(commits: readonly CommitFact[]): readonly string[] {
  const identities = commits.flatMap((commit): readonly (CommitIdentity | null)[] => [
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

/** `pushers`: null where nobody's approval needed the answer. */
export function unmappedWarning(
  names: readonly string[],
  pushers: readonly Person[] | null,
): string {
  const who = listed(
    names.map((name) => (name === "" ? "without a name" : name)),
    3,
  );
  const unrecorded =
    pushers !== null && pushers.length === 0
      ? " GitHub holds no record of who pushed to the branch."
      : "";
  return `${count(names.length, "contributor")} unknown to GitHub (${who}): the e-mail address of the commits maps to no account. Nobody is cleared by that; who pushed counts as a contributor.${unrecorded}`;
}
