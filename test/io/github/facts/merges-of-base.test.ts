import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import { contributorsTo, peopleOfChange } from "#core/people/contributors.ts";
import { simulate, type Simulated, valueOf } from "./simulated.ts";

let world: Simulated;
beforeEach(async () => {
  world = await simulate();
});
afterEach(() => world.stop());

const repo = "acme/shop";
const lines = (changed: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 30 }, (_, n) => `${changed[n] ?? n}\n`).join("");

/** GraphQL answers; or it is broken and REST answers for it. */
describe.each(["graphql", "rest"] as const)("merges of the base through %s", (door) => {
  beforeEach(() => {
    if (door === "rest")
      world.sim.fault({ match: { path: "/graphql" }, status: 404, body: { message: "Not Found" } });
  });

  const opened = () => {
    world.sim.commit({ repo, files: { "long.ts": lines() }, author: "carol" });
    const { number } = world.sim.openPull({
      repo,
      author: "alice",
      head: "topic",
      files: { "long.ts": lines({ 25: "mine" }) },
    });
    return number;
  };
  const baseMoves = (
    files: Readonly<Record<string, string>> = { "long.ts": lines({ 2: "ours" }) },
  ) => world.sim.commit({ repo, files, author: "carol" });
  const whoHadAHand = async (number: number): Promise<readonly string[]> => {
    const pull = valueOf(await world.read(number, pullRequest.need()));
    const made = valueOf(await world.read(number, commits.need()));
    const pushed = valueOf(await world.read(number, pushers.need()));
    return [...contributorsTo([peopleOfChange(pull, made, pushed)]).values()]
      .map(({ person, did }) => `${person.login} ${did}`)
      .sort();
  };
  const alone = ["alice opened it"];
  const rebased = () =>
    world.sim.commit({
      repo,
      branch: "topic",
      parent: "main",
      force: true,
      files: { "long.ts": lines({ 2: "ours", 25: "mine" }) },
      author: "alice",
    });

  it("d: who merged the base in and added nothing had no hand in the change, nor after a rebase takes that merge away", async () => {
    const number = opened();
    baseMoves();
    world.sim.updateBranch({ repo, number, by: "bob" });
    expect(await whoHadAHand(number)).toEqual(alone);
    baseMoves({ "other.ts": "1\n" });
    world.sim.updateBranch({ repo, number, by: "bob" });
    expect(await whoHadAHand(number)).toEqual(alone);
    world.sim.commit({
      repo,
      branch: "topic",
      files: { "long.ts": lines({ 2: "ours", 25: "mine too" }) },
      author: "alice",
    });
    expect(await whoHadAHand(number)).toEqual(alone);
    rebased();
    expect(await whoHadAHand(number)).toEqual(alone);
  });

  it.each<[string, (number: number) => void]>([
    [
      "an edit inside the merge",
      (number) => {
        world.sim.updateBranch({ repo, number, by: "bob", files: { "evil.ts": "1\n" } });
      },
    ],
    [
      "a conflict that was resolved",
      (number) => {
        baseMoves({ "long.ts": lines({ 25: "theirs" }) });
        world.sim.updateBranch({
          repo,
          number,
          by: "bob",
          files: { "long.ts": lines({ 25: "mine and theirs" }) },
        });
      },
    ],
    [
      "a commit pushed along with the merge",
      (number) => {
        world.sim.commit({
          repo,
          branch: "topic",
          files: { "evil.ts": "1\n" },
          author: "alice",
          pusher: "bob",
        });
        world.sim.updateBranch({ repo, number, by: "bob" });
      },
    ],
    [
      "a merge of another branch",
      () => {
        world.sim.commit({ repo, branch: "side", files: { "side.ts": "1\n" }, author: "alice" });
        world.sim.commit({
          repo,
          branch: "topic",
          merge: ["side"],
          files: { "side.ts": "1\n" },
          author: "bob",
        });
      },
    ],
  ])("T12: %s is work, whoever presses the button, also after a rebase", async (_what, does) => {
    const number = opened();
    await whoHadAHand(number);
    baseMoves();
    does(number);
    expect(await whoHadAHand(number)).toEqual([...alone, expect.stringMatching(/^bob /)]);
    rebased();
    expect(await whoHadAHand(number)).toEqual([...alone, expect.stringMatching(/^bob /)]);
  });

  it("T8: who restores a deleted branch brings nothing; who pushed to it before is still known", async () => {
    const number = opened();
    const { sha } = world.sim.commit({
      repo,
      branch: "topic",
      files: { "long.ts": lines({ 25: "his" }) },
      author: "alice",
      pusher: "carol",
    });
    world.sim.deleteBranch({ repo, branch: "topic", by: "alice" });
    world.sim.createBranch({ repo, branch: "topic", from: sha, by: "bob" });
    world.sim.reopenPull({ repo, number, by: "bob" });
    expect(await whoHadAHand(number)).toEqual([...alone, "carol pushed to the branch"]);
  });

  it("costs one look at each merge that names somebody else", async () => {
    const number = opened();
    await whoHadAHand(number);
    const ask = async () => {
      world.calls();
      await world.read(number, commits.need());
      return world.calls().length;
    };
    const before = await ask();
    baseMoves();
    world.sim.updateBranch({ repo, number, by: "alice" });
    expect(await ask()).toBe(before);
    baseMoves({ "other.ts": "1\n" });
    world.sim.updateBranch({ repo, number, by: "bob" });
    expect(await ask()).toBeGreaterThan(before);
    expect(await ask()).toBe(before);
  });
});
