import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Simulator } from "../src/simulator.ts";
import type { Pull } from "../src/world/pulls.ts";
import { startSimulator } from "./client.ts";

const repo = "acme/shop";
let sim: Simulator;

beforeEach(async () => {
  sim = await startSimulator();
  sim.org({ login: "acme", members: ["ada"] });
  sim.repo({ name: repo, files: { "a.txt": "1\n" } });
});
afterEach(() => sim.stop());

const theRepo = () => {
  const found = sim.world.repos.get(sim.world.repoNames.get(repo) ?? -1);
  if (found === undefined) throw new Error("no repository");
  return found;
};
const pullOf = (number: number): Pull => {
  const found = theRepo().pulls.get(number);
  if (found === undefined) throw new Error(`no #${number}`);
  return found;
};
const tip = (): string | undefined => theRepo().refs.get("refs/heads/main");

/** Two in the queue, the second built on the first. */
function two(): readonly [number, number] {
  const [one, other] = ["one", "two"].map((head) =>
    sim.openPull({ repo, author: "ada", head, files: { [`${head}.txt`]: "1\n" } }),
  );
  if (one === undefined || other === undefined) throw new Error("unreachable");
  sim.enqueuePull({ repo, number: one.number });
  sim.enqueuePull({ repo, number: other.number });
  return [one.number, other.number];
}

const groups = (): readonly string[] =>
  [...theRepo().refs.keys()].filter((ref) => ref.includes("gh-readonly-queue"));

describe("the simulated merge queue", () => {
  it("builds every group anew when its base goes on without it", () => {
    const [one, other] = two();
    const before = [pullOf(one).queue?.headSha, pullOf(other).queue?.headSha];
    sim.commit({ repo, files: { "b.txt": "1\n" } });
    expect(pullOf(one).queue?.baseSha).toBe(tip());
    expect(pullOf(other).queue?.baseSha).toBe(pullOf(one).queue?.headSha);
    expect(before).not.toContain(pullOf(one).queue?.headSha);
    expect(groups()).toHaveLength(2);
  });

  it("builds those anew that stood on one who left", () => {
    const [one, other] = two();
    sim.dequeuePull({ repo, number: one });
    expect(pullOf(other).queue?.baseSha).toBe(tip());
    expect(groups()).toHaveLength(1);
  });

  it.each<[string, (number: number) => unknown]>([
    ["is pushed to", () => sim.commit({ repo, branch: "one", files: { "c.txt": "1\n" } })],
    ["is closed", (number) => sim.closePull({ repo, number })],
    ["is merged past it", (number) => sim.mergePull({ repo, number })],
  ])("takes out who %s", (_what, act) => {
    const [one, other] = two();
    act(one);
    expect(pullOf(one).queue).toBeNull();
    expect(pullOf(other).queue?.baseSha).toBe(tip());
  });

  it("merges those before with the one whose group is merged", () => {
    const [one, other] = two();
    const { sha } = sim.mergeGroup({ repo, number: other });
    expect(tip()).toBe(sha);
    expect([pullOf(one).merged, pullOf(other).merged, groups()]).toEqual([true, true, []]);
  });

  it("gives nobody another base who is queued for this one", () => {
    const [one] = two();
    sim.createBranch({ repo, branch: "dev" });
    expect(() => sim.editPull({ repo, number: one, base: "dev" })).toThrow("queued for its base");
  });

  it("opens nothing again that was merged", () => {
    const [one] = two();
    sim.mergePull({ repo, number: one });
    expect(() => sim.reopenPull({ repo, number: one })).toThrow("was merged");
  });
});
