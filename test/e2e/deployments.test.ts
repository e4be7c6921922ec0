import { afterEach, describe, expect, it } from "vitest";
import type { House } from "./harness.ts";
import { aShop, callsOf, checkSays, doorSays, headOf, shop, verdictOn } from "./deployments-world.ts";

let house: House | null = null;
afterEach(async () => {
  await house?.stop();
  house = null;
});

const always = `
windows:
  always: { timezone: UTC, open: [{ days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00" }] }
`;

describe("the gate at a deployment", () => {
  it("approves what may go, with a check run that says why", async () => {
    house = await aShop(`version: 1\nrules:\n  - { name: hours, when: { environments: [production] }, require: { window: always } }\n${always}`);
    const { sim } = house;
    const { run, deployments } = sim.deploy({ repo: shop, environment: "production", actor: "ada" });
    await doorSays(sim, deployments[0]?.id ?? 0, ({ state }) => state === "approved");
    expect(verdictOn(sim, run)).toEqual([expect.objectContaining({ state: "approved", comment: expect.stringContaining("Approved: 1 rule passes.") })]);
    const check = await checkSays(sim, headOf(sim), "production", ({ conclusion }) => conclusion === "success");
    expect(check.title).toBe("1 rule passes");
    console.log(callsOf(sim));
  });
});
