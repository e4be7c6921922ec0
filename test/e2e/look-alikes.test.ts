import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  actsOf,
  always,
  inProduction,
  isHeld,
  issuesOf,
  knock,
  newShop,
  opens,
  ruled,
  says,
} from "./deployments-world.ts";
import { calm, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];

beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  sim = gatehouse.sim;
});
afterAll(() => gatehouse.stop());

describe("environments that look like one that is judged", () => {
  it("W23: a deployment to one that asks the gate is recorded, once, with an issue", async () => {
    const repo = newShop(sim, "look", ruled([inProduction("release", "approvals: { count: 1 }")]));
    for (const environment of ["prоdution", "prod-eu"])
      sim.environment({ repo, name: environment, gate: true });
    const seen = async (): Promise<readonly string[]> =>
      (await actsOf(gatehouse, ["bypass"]))
        .filter(({ name }) => name === "prod_like_name")
        .map(({ environment }) => environment ?? "");
    for (const environment of ["prоdution", "prod-eu", "prod-eu"]) {
      const asked = knock(sim, repo, { environment });
      await opens(sim, asked);
      sim.deploymentStatus({ repo, deployment: asked.id, state: "in_progress" });
      sim.deploymentStatus({ repo, deployment: asked.id, state: "success" });
    }
    await until("both are recorded", seen, (names) => names.length === 2, 30_000);
    expect([...(await seen())].sort()).toEqual(["prod-eu", "prоdution"]);
    await until(
      "an issue for each",
      () => issuesOf(sim, repo).length,
      (count) => count === 2,
    );
  });

  it("W23: under the preset regulated it is held", async () => {
    const repo = newShop(sim, "regulated", "version: 1\nextends: gatehouse:regulated\n");
    sim.environment({ repo, name: "prod-eu", gate: true });
    await isHeld(sim, knock(sim, repo, { environment: "prod-eu" }), /No rule names/);
  });

  it("W29: a recorded freeze holds a deployment whose rule has another way to pass", async () => {
    const repo = newShop(
      sim,
      "frozen",
      ruled([inProduction("calm", "any: [{ window: always }, { not_frozen: true }]")], always),
    );
    const first = knock(sim, repo);
    await opens(sim, first);
    await says(gatehouse, first, "freeze", "bob", { sha: null, reason: "books close" });
    await isHeld(sim, knock(sim, repo), /books close/);
  });

  it("W14: a red check with a slash in its name is not hidden by a green sibling", async () => {
    const repo = newShop(
      sim,
      "slash",
      'version: 1\nrules:\n  - name: built\n    require: { checks: { names: ["build *"] } }\n',
    );
    const { headSha } = sim.openPull({
      repo,
      author: "ada",
      head: "t",
      files: { "src/t.ts": "1\n" },
    });
    sim.checkRun({
      repo,
      sha: headSha,
      name: "build (c)",
      status: "completed",
      conclusion: "success",
    });
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "success");
    sim.checkRun({
      repo,
      sha: headSha,
      name: "build (a/b)",
      status: "completed",
      conclusion: "failure",
    });
    await gateSays(sim, repo, headSha, ({ conclusion }) => conclusion === "failure");
    await calm(gatehouse);
  });
});
