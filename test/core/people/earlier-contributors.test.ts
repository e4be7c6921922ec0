import { describe, expect, it } from "vitest";
import type { CommitsSeen, ContributorSeen } from "#core/model/contributor-seen.ts";
import { commitsSeen, earlierContributors, seenAnew } from "#core/people/earlier-contributors.ts";
import { contributorsOf } from "#core/rules/reviews/contributors.ts";
import { aCommit, alice, anIdentity, aPullRequest, bob, carol, sha } from "../build.ts";

const commit = (letter: string, ...people: readonly (typeof alice)[]) => ({
  sha: sha(letter),
  people,
});
const look = (
  head: string,
  commits: CommitsSeen["commits"],
  over: Partial<CommitsSeen> = {},
): CommitsSeen => ({ headSha: sha(head), baseRef: "main", complete: true, commits, ...over });

/** What is known after these looks, one after the other. */
function after(...looks: readonly CommitsSeen[]): readonly ContributorSeen[] {
  const known = new Map<string, ContributorSeen>();
  for (const one of looks)
    for (const row of seenAnew([...known.values()], one))
      known.set(`${row.commit} ${row.person.id}`, row);
  return [...known.values()];
}

const namesAt = (head: string, known: readonly ContributorSeen[], baseRef = "main") =>
  earlierContributors(known, { headSha: sha(head), baseRef }).map(({ login }) => login);

describe("W3: who contributed to an earlier head", () => {
  const both = look("b", [commit("a", alice), commit("b", bob)]);

  it("is known after a force-push has taken the commit away", () => {
    const known = after(both, look("c", [commit("c", alice)]));
    expect(namesAt("c", known).sort()).toEqual(["alice", "bob"]);
  });

  it("is nobody at the head that was looked at", () => {
    expect(namesAt("b", after(both))).toEqual([]);
  });

  it("is not who wrote what the right base holds", () => {
    const wrong = look("b", [commit("a", carol), commit("b", alice)], { baseRef: "main" });
    const right = look("b", [commit("b", alice)], { baseRef: "dev" });
    const known = after(wrong, right, look("c", [commit("c", alice)], { baseRef: "dev" }));
    expect(namesAt("c", known, "dev")).toEqual(["alice"]);
    // Under the other base it is a contribution again: nobody is cleared by going there and back.
    expect(namesAt("c", known, "main").sort()).toEqual(["alice", "carol"]);
  });

  it("is not cleared by a list that is only a part", () => {
    const part = look("b", [commit("b", bob)], { complete: false, baseRef: "dev" });
    expect(namesAt("c", after(both, part), "dev").sort()).toEqual(["alice", "bob"]);
  });

  it("says nothing new where nothing is new", () => {
    expect(seenAnew(after(both), both)).toEqual([]);
  });

  it("names authors, co-authors and committers whom GitHub knows", () => {
    const made = aCommit({
      authors: [anIdentity(alice), anIdentity(null), anIdentity(bob)],
      committer: anIdentity(carol),
    });
    const { commits } = commitsSeen({ headSha: made.sha, baseRef: "main", complete: true }, [made]);
    expect(commits).toEqual([{ sha: made.sha, people: [alice, bob, carol] }]);
  });

  it("is barred at reviews, unless contributors may approve", () => {
    const pull = aPullRequest({ earlierContributors: [bob] });
    const barred = (allow: boolean): boolean =>
      contributorsOf(pull, [aCommit()], [], {
        allow_author: false,
        allow_contributors: allow,
      }).has(bob.id);
    expect(barred(false)).toBe(true);
    expect(barred(true)).toBe(false);
  });
});
