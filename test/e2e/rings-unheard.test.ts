import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  doorOf,
  inProduction,
  isHeld,
  knock,
  newShop,
  opens,
  ruled,
  says,
  type Asked,
} from "./deployments-world.ts";
import { calm, runGatehouse, type Gatehouse } from "./harness.ts";

// What became of the ring before, and no delivery told of it.

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  sim = gatehouse.sim;
});
afterEach(() => sim.clearDeliveryFaults());
afterAll(() => gatehouse.stop());

const promoted = inProduction("proven", "promoted_from: { environment: staging }");
const staged = "{ name: calm, when: { environments: [staging] }, require: { not_frozen: true } }";
const released = inProduction("release", "approvals: { count: 1, teams: [release] }");
const commit = (repo: string, text: string): string =>
  sim.commit({ repo, files: { "src/a.ts": text }, author: "ada" }).sha;

async function stage(repo: string, sha: string): Promise<Asked> {
  const asked = knock(sim, repo, { environment: "staging", sha });
  await opens(sim, asked);
  return asked;
}

/** Nobody hears of the end of a deployment. */
async function unheard(happen: () => unknown): Promise<void> {
  sim.deliveryFault({ event: "deployment_status", suppress: true });
  happen();
  await sim.settled();
  sim.clearDeliveryFaults();
}

describe("a ring of which no delivery tells", () => {
  it.each([
    ["went back", "asked at the approval", /rolled back/],
    ["failed afterwards", "asked at the approval", /fail/i],
    ["went back", "found by a sweep", /rolled back/],
  ] as const)(
    "that %s lets nothing through: %s",
    async (how, found, words) => {
      const isSweptFirst = found === "found by a sweep";
      const repo = newShop(
        sim,
        `${how} ${found}`.replaceAll(" ", "-"),
        ruled([promoted, released, staged]),
      );
      await calm(gatehouse);
      const v1 = commit(repo, "v1\n");
      const v2 = commit(repo, "v2\n");
      let last = 0;
      for (const sha of [v1, v2]) {
        const { id } = await stage(repo, sha);
        sim.finishDeployment({ repo, deployment: id });
        last = id;
        gatehouse.advance(120_000);
        await calm(gatehouse);
      }
      const asked = knock(sim, repo, { sha: v2 });
      await isHeld(sim, asked, /Needs 1 approval/);
      await calm(gatehouse);
      const back = how === "went back" ? await stage(repo, v1) : null;
      await calm(gatehouse);
      gatehouse.advance(60_000);
      await unheard(() =>
        back === null
          ? sim.deploymentStatus({ repo, deployment: last, state: "failure", by: "bob" })
          : sim.finishDeployment({ repo, deployment: back.id }),
      );
      if (isSweptFirst) {
        gatehouse.advance(5 * 60_000);
        await isHeld(sim, asked, words);
      }
      await says(gatehouse, asked, "approve", "carol");
      await calm(gatehouse);
      const door = doorOf(sim, asked);
      expect(door.state).toBe("waiting");
      expect(door.reports.at(-1)).toMatch(words);
    },
    60_000,
  );
});
