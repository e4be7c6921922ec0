import type { CommitFact } from "#core/facts/pull-request.ts";
import type { Person } from "#core/model/actor.ts";
import type { CommitsSeen, ContributorSeen } from "#core/model/contributor-seen.ts";

/** Everybody named by these commits. */
export function commitsSeen(
  at: Pick<CommitsSeen, "headSha" | "baseRef" | "complete">,
  commits: readonly CommitFact[],
): CommitsSeen {
  return {
    ...at,
    commits: commits.map(({ sha, authors, committer }) => ({
      sha,
      people: [...authors, committer].flatMap((identity) => identity?.person ?? []),
    })),
  };
}

/**
 * Contributors by commits of earlier heads that GitHub does not list any more, or not yet: a force-push removes
 * commits from the list, but their authors stay contributors.
 */
export function earlierContributors(
  seen: readonly ContributorSeen[],
  now: Pick<CommitsSeen, "headSha" | "baseRef">,
): readonly Person[] {
  const people = new Map<number, Person>();
  for (const { person, headSha, withinBase } of seen)
    if (headSha !== now.headSha && withinBase !== now.baseRef) people.set(person.id, person);
  return [...people.values()].sort((a, b) => a.id - b.id);
}

/**
 * Changes of the record after this look. If a complete list at the same head lacks commits, the base holds them:
 * they came with another base and make nobody a contributor under this one.
 */
export function seenAnew(
  known: readonly ContributorSeen[],
  { headSha, baseRef, commits, complete }: CommitsSeen,
): readonly ContributorSeen[] {
  const before = new Map(known.map((one) => [keyOf(one.commit, one.person), one]));
  const listed = new Set(commits.map(({ sha }) => sha));
  return [
    ...commits.flatMap(({ sha: commit, people }) =>
      people.flatMap((person): readonly ContributorSeen[] => {
        const one = before.get(keyOf(commit, person));
        return one?.headSha === headSha && one.withinBase !== baseRef
          ? []
          : [{ commit, person, headSha, withinBase: null }];
      }),
    ),
    ...(complete
      ? known.filter((one) => one.headSha === headSha && !listed.has(one.commit))
      : []
    ).flatMap((one) => (one.withinBase === baseRef ? [] : [{ ...one, withinBase: baseRef }])),
  ];
}

const keyOf = (commit: string, person: Person): string => `${commit} ${person.id}`;
