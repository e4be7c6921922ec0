import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actsOf, issuesOf } from "./deployments-world.ts";
import { ask, jobIn, noon, outsideShop, tokenFor } from "./gate-world.ts";
import { idle, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ startsAt: noon });
});
afterAll(() => gatehouse.stop());

const minute = 60_000;
const pass = async (ms: number): Promise<void> => {
  await idle(gatehouse);
  gatehouse.advance(ms);
  await idle(gatehouse);
};
const titles = (repo: string): readonly string[] =>
  issuesOf(gatehouse.sim, repo).map(({ title }) => title);
const pastGate = ["Review: live was deployed to past the gate"];

describe("where deployers ask over the API", () => {
  it("a job may ask while it runs, also the first that ever does; what it does without asking is found once it ends red", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "first-that-asks");
    const first = jobIn(gatehouse, repo, "first");
    await pass(minute);
    expect(titles(repo)).toEqual([]);
    expect((await ask(gatehouse, first.token(), first.question)).body.decision).toBe("allow");
    sim.finishDeployment({ repo, deployment: first.deployment });
    await pass(minute);
    // Told to wait, and given up.
    const held = jobIn(gatehouse, repo);
    expect((await ask(gatehouse, held.token(), held.question)).body.decision).toBe("hold");
    sim.finishDeployment({ repo, deployment: held.deployment, state: "failure" });
    await pass(minute);
    expect(titles(repo)).toEqual([]);

    sim.commit({ repo, files: { "src/a.ts": "2\n" }, author: "ada" });
    const unasked = jobIn(gatehouse, repo);
    await pass(minute);
    expect(titles(repo)).toEqual([]);
    sim.finishDeployment({ repo, deployment: unasked.deployment, state: "failure" });
    await pass(minute);
    expect(titles(repo)).toEqual(pastGate);
    expect((await actsOf(gatehouse, ["bypass"])).at(-1)?.reason).toMatch(/^it did not ask/);
  });

  it("a job that never ends and never asks is found after an hour", async () => {
    const { sim } = gatehouse;
    const repo = outsideShop(gatehouse, "never-ends");
    const token = await tokenFor(gatehouse, [repo]);
    const { sha } = sim.commit({ repo, files: { "src/a.ts": "2\n" }, author: "ada" });
    await ask(gatehouse, token, { repository: repo, sha, environment: "live" });
    jobIn(gatehouse, repo);
    await pass(58 * minute);
    expect(titles(repo)).toEqual([]);
    await pass(3 * minute);
    expect(titles(repo)).toEqual(pastGate);
  });
});
