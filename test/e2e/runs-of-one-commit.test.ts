import { afterAll, beforeAll, expect, it } from "vitest";
import { always, doorOf, inProduction, knock, newShop, opens, ruled } from "./deployments-world.ts";
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
