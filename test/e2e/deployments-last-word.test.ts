import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  always,
  checkSays,
  deploymentOf,
  doorOf,
  isHeld,
  knock,
  newShop,
  opens,
  ruled,
  says,
} from "./deployments-world.ts";
import { idle, runGatehouse, type Gatehouse } from "./harness.ts";
import { patience } from "../support/patience.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  sim = gatehouse.sim;
});
afterAll(() => gatehouse.stop());

const policy = ruled(
  [
    "{ name: thawed, when: { environments: [live] }, require: { all: [{ not_frozen: true }, { window: always }] } }",
  ],
  `${always}freezers: { users: [carol] }\n`,
);
const statesOf = (repo: string, id: number): readonly string[] =>
  deploymentOf(sim, repo, id).statuses.map(({ state }) => state);

describe("where GitHub's own rules keep the job waiting, our yes is the last", () => {
  it(
    "a freeze after everything was met and before the reviewers said yes holds the job",
    async () => {
      const repo = newShop(sim, "reviewers-last", policy);
      sim.environment({ repo, name: "live", gate: true, reviewers: { users: ["bob"] } });
      const asked = knock(sim, repo, { environment: "live" });
      await isHeld(
        sim,
        asked,
        /Held: Everything here is met; answers once GitHub's reviewers have\./,
      );
      await checkSays(
        sim,
        asked,
        "live",
        ({ status, summary }) =>
          status !== "completed" &&
          summary?.includes("so that it is true when the job starts") === true,
      );
      gatehouse.advance(3_600_000);
      await idle(gatehouse);
      const word = { environment: "live", name: "live", sha: null } as const;
      await says(gatehouse, asked, "freeze", "carol", word);
      await isHeld(sim, asked, /frozen|is on until/i);
      sim.reviewDeployment({ repo, run: asked.run, by: "bob" });
      await idle(gatehouse);
      expect(statesOf(repo, asked.id)).not.toContain("in_progress");
      await says(gatehouse, asked, "unfreeze", "carol", word);
      await opens(sim, asked);
      expect(statesOf(repo, asked.id)).toContain("in_progress");
    },
    60_000 * patience,
  );

  it(
    "it is said when the reviewers have answered, and when the wait timer has run out",
    async () => {
      const repo = newShop(sim, "both-last", policy);
      sim.environment({
        repo,
        name: "live",
        gate: true,
        reviewers: { users: ["bob"] },
        waitMinutes: 30,
      });
      const asked = knock(sim, repo, { environment: "live" });
      await isHeld(sim, asked, /answers once GitHub's reviewers have/);
      sim.reviewDeployment({ repo, run: asked.run, by: "bob" });
      await isHeld(sim, asked, /answers at .* UTC, when GitHub's wait timer ends/);
      expect(doorOf(sim, asked).verdicts).toEqual([]);
      gatehouse.advance(31 * 60_000);
      await opens(sim, asked);
      expect(statesOf(repo, asked.id)).toContain("in_progress");
    },
    60_000 * patience,
  );

  it(
    "where GitHub does not tell what else it waits for, it is said at once, and that is said",
    async () => {
      const repo = newShop(sim, "blind-last", policy);
      sim.environment({ repo, name: "live", gate: true, reviewers: { users: ["bob"] } });
      const fault = { method: "GET", path: `/repos/${repo}/environments/live` } as const;
      sim.fault({ match: fault, status: 404 });
      const asked = knock(sim, repo, { environment: "live" });
      const { summary } = await checkSays(
        sim,
        asked,
        "live",
        ({ conclusion }) => conclusion === "success",
      );
      expect(summary).toContain("could not be seen");
      sim.clearFaults();
    },
    60_000 * patience,
  );
});
