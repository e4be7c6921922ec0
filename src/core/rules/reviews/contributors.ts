import type { CommitFact, PullRequestFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import { contributorsTo, peopleOfChange, type Contributors } from "#core/people/contributors.ts";
import type { Contributor } from "#core/model/contributor.ts";
import { count, listed } from "#core/text/phrases.ts";
import type { ReviewsParams } from "./params.ts";

/** People whose approval does not count: contributors to the change, except those whom the parameters allow. */
export function contributorsOf(
  pull: Pick<PullRequestFact, "author" | "earlierContributors" | "askedBy">,
  commits: readonly CommitFact[],
  pushers: readonly Person[],
  params: Pick<ReviewsParams, "allow_author" | "allow_contributors">,
): Contributors {
  const everybody = contributorsTo([
    params.allow_contributors
      ? peopleOfChange({ author: pull.author }, [], [])
      : peopleOfChange(pull, commits, pushers),
  ]);
  // If openers may approve, they may even as authors of commits, which nearly every opener is.
  if (!params.allow_author || pull.author === null) return everybody;
  const rest = new Map<number, Contributor>(everybody);
  rest.delete(pull.author.id);
  return rest;
}

/** `pushers`: null if no approval depended on them. */
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
