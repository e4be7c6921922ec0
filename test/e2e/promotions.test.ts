import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "#io/database/store/open-store.ts";
import {
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

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
beforeAll(async () => {
  gatehouse = await runGatehouse();
  sim = gatehouse.sim;
});
afterAll(() => gatehouse.stop());

const proven =
  "{ name: proven, when: { environments: [production] }, require: { promoted_from: { environment: staging } } }";
const free = ruled([
  "{ name: staged, when: { environments: [staging] }, require: { not_frozen: true } }",
  proven,
]);
const approved = ruled([
  "{ name: staged, when: { environments: [staging] }, require: { approvals: { count: 1, teams: [release] } } }",
  proven,
]);

describe("promoted_from", () => {
  it("takes the jobs of one run together, and of each what it did when it was run last", async () => {
    const repo = newShop(sim, "one-run", free);
    const deployed = sim.deploy({ repo, environment: "staging", actor: "dave", job: "deploy" });
    const id = deployed.deployments[0]?.id ?? 0;
    const { sha } = deploymentOf(sim, repo, id);
    await opens(sim, { repo, run: deployed.run, id, sha });
    const cleanup = sim.deploy({
      ...{ repo, environment: "staging", run: deployed.run, actor: "dave", job: "cleanup" },
    });
    const cleanupId = cleanup.deployments[0]?.id ?? 0;
    await opens(sim, { repo, run: deployed.run, id: cleanupId, sha });
    sim.finishDeployment({ repo, deployment: id, state: "failure" });
    sim.finishDeployment({ repo, deployment: cleanupId });
    await idle(gatehouse);
    const prod = knock(sim, repo, { sha });
    await isHeld(sim, prod, /staging failed/);

    sim.rerun({ repo, run: deployed.run, by: "dave" });
    await idle(gatehouse);
    const again = [
      ...(sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.deployments.values() ?? []),
    ]
      .filter((one) => one.runId === deployed.run && one.id > prod.id)
      .map((one) => one.id);
    expect(again).toHaveLength(2);
    for (const one of again) {
      await opens(sim, { repo, run: deployed.run, id: one, sha });
      sim.finishDeployment({ repo, deployment: one });
    }
    await opens(sim, prod);
  });

  it("does not wait for a redeployment that was cancelled at the door", async () => {
    const repo = newShop(sim, "cancelled-again", approved);
    const good = knock(sim, repo, { environment: "staging" });
    await isHeld(sim, good, /approval/);
    await says(gatehouse, good, "approve", "bob", { expiresAt: gatehouse.now() + 60_000 });
    await opens(sim, good);
    sim.finishDeployment({ repo, deployment: good.id });
    await idle(gatehouse);
    gatehouse.advance(120_000);
    const again = knock(sim, repo, { environment: "staging", sha: good.sha });
    await isHeld(sim, again, /approval/);
    const prod = knock(sim, repo, { sha: good.sha });
    await isHeld(sim, prod, /Waiting for staging/);
    sim.cancelRun({ repo, run: again.run, by: "ada" });
    await opens(sim, prod);
  });

  it("knows a commit that ran there however many deployments ago, and what took its place at once", async () => {
    const repo = newShop(
      sim,
      "long-ago",
      ruled([proven.replace("staging }", "staging, bake: 30m }")]),
    );
    const commits = ["1\n", "2\n", "3\n"].map(
      (text) => sim.commit({ repo, files: { "src/b.ts": text } }).sha,
    );
    const hour = 3_600_000;
    // The first stands for an hour, the second is replaced a minute after it went out.
    for (const [index, sha] of commits.entries()) {
      const staged = knock(sim, repo, { environment: "staging", sha });
      await opens(sim, staged);
      sim.finishDeployment({ repo, deployment: staged.id });
      await idle(gatehouse);
      gatehouse.advance(index === 1 ? 60_000 : hour);
    }
    const [x = "", y = "", z = ""] = commits;
    // As many more leave them on record.
    const store = await openStore({ url: gatehouse.settings.databaseUrl, now: gatehouse.now });
    const repository = sim.world.repoNames.get(repo) ?? 0;
    for (let index = 0; index < 205; index += 1) {
      const at = gatehouse.now() - hour / 2 + index;
      await store.deployments.save({
        ...{ repository, deploymentId: 600_000 + index, environment: "staging", sha: z },
        ...{ ref: "main", runId: 600_000 + index, actor: null, createdAt: at, state: "success" },
        ...{ startedAt: at, finishedAt: at, succeededAt: at },
        ...{ gateRequestedAt: at, gateAnsweredAt: at, gateAnswer: "approved", reports: 0 },
      });
    }
    await store.close();
    await opens(sim, knock(sim, repo, { sha: x }));
    const held = knock(sim, repo, { sha: y });
    await isHeld(sim, held, /replaced in staging before it had baked/);
    expect(doorOf(sim, held).verdicts).toEqual([]);
  });
});
