import { describe, expect, it } from "vitest";
import type { Person } from "#core/model/actor.ts";
import type { CommitsSeen } from "#core/model/contributor-seen.ts";
import { handClock, type Kind } from "../harness.ts";

const ada: Person = { id: 1, login: "ada", type: "User" };
const bob: Person = { id: 2, login: "bob", type: "User" };
/** Ids of newer accounts are beyond 32 bits. */
const bot: Person = { id: 5_000_000_000, login: "renovate[bot]", type: "Bot" };

const look = (headSha: string, commits: CommitsSeen["commits"], over: Partial<CommitsSeen> = {}) =>
  ({ headSha, baseRef: "main", complete: true, commits, ...over }) satisfies CommitsSeen;

export function contributorsContract(kind: Kind): void {
  describe("contributors", () => {
    it("keeps whom commits named after they are gone", async () => {
      const { contributors } = await kind.open();
      await contributors.note(1, 4, look("b", [{ sha: "a", people: [ada, bot] }]));
      await contributors.note(1, 4, look("c", [{ sha: "c", people: [bob] }]));
      const rows = await contributors.of(1, 4);
      expect(rows).toHaveLength(3);
      expect(rows).toEqual(
        expect.arrayContaining([
          { commit: "a", person: ada, headSha: "b", withinBase: null },
          { commit: "a", person: bot, headSha: "b", withinBase: null },
          { commit: "c", person: bob, headSha: "c", withinBase: null },
        ]),
      );
    });

    it("takes one person twice of one commit: author and committer are mostly the same", async () => {
      const { contributors } = await kind.open();
      await contributors.note(1, 4, look("b", [{ sha: "a", people: [ada, ada] }]));
      expect(await contributors.of(1, 4)).toEqual([
        { commit: "a", person: ada, headSha: "b", withinBase: null },
      ]);
    });

    it("keeps each pull request apart", async () => {
      const { contributors } = await kind.open();
      await contributors.note(1, 4, look("a", [{ sha: "a", people: [ada] }]));
      await contributors.notePushers(1, 4, "main", [ada]);
      for (const [repository, number] of [
        [1, 5],
        [2, 4],
      ] as const) {
        expect(await contributors.of(repository, number)).toEqual([]);
        expect(await contributors.pushers(repository, number, "main")).toEqual([]);
      }
    });

    it("follows a commit to the next head, and notes the base that holds it", async () => {
      const { contributors } = await kind.open();
      const commits = [{ sha: "a", people: [ada] }];
      await contributors.note(1, 4, look("a", commits));
      await contributors.note(1, 4, look("b", commits));
      expect(await contributors.of(1, 4)).toEqual([
        { commit: "a", person: ada, headSha: "b", withinBase: null },
      ]);
      await contributors.note(1, 4, look("b", [], { baseRef: "dev" }));
      expect(await contributors.of(1, 4)).toEqual([
        { commit: "a", person: ada, headSha: "b", withinBase: "dev" },
      ]);
    });

    it("takes a look of any size, by several at once", async () => {
      const { contributors } = await kind.open();
      const commits = Array.from({ length: 350 }, (_, index) => ({
        sha: `${index}`,
        people: [ada, bob],
      }));
      await Promise.all([1, 2, 3].map(() => contributors.note(1, 4, look("a", commits))));
      expect(await contributors.of(1, 4)).toHaveLength(700);
    });

    it("keeps who pushed, over each base", async () => {
      const { contributors } = await kind.open();
      await contributors.notePushers(1, 4, "main", [bot, ada]);
      await contributors.notePushers(1, 4, "main", [bob, ada]);
      await contributors.notePushers(1, 4, "dev", []);
      expect(await contributors.pushers(1, 4, "main")).toEqual([ada, bob, bot]);
      expect(await contributors.pushers(1, 4, "dev")).toEqual([]);
    });

    it("never forgets them, nor who pushed to a pull request", async () => {
      const clock = handClock();
      const { contributors, pushes, prune } = await kind.open(clock);
      const push = {
        before: "a",
        after: "b",
        kind: "force_push",
        by: ada,
        at: clock.now(),
      } as const;
      await pushes.add(1, { ...push, ref: "refs/pull/4/head" });
      await pushes.add(1, { ...push, ref: "refs/heads/topic" });
      await contributors.note(1, 4, look("a", [{ sha: "a", people: [ada] }]));
      await contributors.notePushers(1, 4, "main", [ada]);
      await prune(clock.forward(1_000));
      expect(await contributors.of(1, 4)).toHaveLength(1);
      expect(await contributors.pushers(1, 4, "main")).toEqual([ada]);
      expect(await pushes.ofRef(1, "refs/pull/4/head")).toHaveLength(1);
      expect(await pushes.ofRef(1, "refs/pull/4/head", push.after)).toHaveLength(1);
      expect(await pushes.ofRef(1, "refs/pull/4/head", "elsewhere")).toEqual([]);
      expect(await pushes.ofRef(1, "refs/heads/topic")).toEqual([]);
    });
  });
}
