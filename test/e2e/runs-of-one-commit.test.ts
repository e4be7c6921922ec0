import { afterAll, beforeAll, expect, it } from "vitest";
import {
  always,
  doorOf,
  inProduction,
  isHeld,
  knock,
  newShop,
  opens,
  ruled,
} from "./deployments-world.ts";
import { calm, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

it("each of several runs that deploy one commit to one environment gets its own answer", async () => {
  const { sim } = gatehouse;
  // A repository that is new to the gate: it looks at the waiting runs by itself, before their questions are heard.
  const repo = newShop(sim, "thrice", ruled([inProduction("open", "window: always")], always));
  const asked = ["bob", "carol", "dave"].map((actor) => knock(sim, repo, { actor }));
  for (const one of asked) await opens(sim, one);
  await calm(gatehouse);
  for (const one of asked) {
    const { state, verdicts } = doorOf(sim, one);
    expect([state, verdicts.length]).toEqual(["approved", 1]);
  }
});

it("a fork's deployment, which is held as a stranger's, stands in nobody's way", async () => {
  const { sim } = gatehouse;
  const repo = newShop(sim, "forked", ruled([inProduction("forward", "forward_only: true")]));
  sim.fork({ repo, owner: "eve" });
  const { headSha: sha } = sim.openPull({
    repo,
    author: "eve",
    headRepo: "eve/forked",
    head: "topic",
    files: { "src/a.ts": "2\n" },
  });
  await calm(gatehouse);
  const from = { sha, event: "pull_request", headRepo: "eve/forked", branch: "topic" } as const;
  const strangers = knock(sim, repo, { ...from, actor: "eve" });
  await isHeld(sim, strangers, /fork/);
  await calm(gatehouse);
  const ours = knock(sim, repo);
  await opens(sim, ours);
  expect(doorOf(sim, strangers).state).toBe("waiting");
});
