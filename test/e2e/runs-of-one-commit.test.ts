import { afterAll, beforeAll, expect, it } from "vitest";
import { always, doorOf, inProduction, knock, newShop, opens, ruled } from "./deployments-world.ts";
import { calm, startHouse, type House } from "./harness.ts";

let house: House;
beforeAll(async () => {
  house = await startHouse();
});
afterAll(() => house.stop());

it("each of several runs that deploy one commit to one environment gets its own answer", async () => {
  const { sim } = house;
  // The questions are late: the gate finds who waits by looking at the runs, as it does at a start.
  sim.holdWebhooks();
  const repo = newShop(sim, "thrice", ruled([inProduction("open", "window: always")], always));
  const asked = ["bob", "carol", "dave"].map((actor) => knock(sim, repo, { actor }));
  await house.restart();
  sim.releaseWebhooks({ order: "reversed" });
  for (const one of asked) await opens(sim, one);
  await calm(house);
  for (const one of asked) {
    const { state, verdicts } = doorOf(sim, one);
    expect([state, verdicts.length]).toEqual(["approved", 1]);
  }
});
