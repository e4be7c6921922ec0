import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doorOf, inProduction, knock, newShop, opens, ruled } from "./deployments-world.ts";
import { idle, runGatehouse, type Gatehouse } from "./harness.ts";

// What ran in an environment goes on to be known, whatever came to nothing there since, and whatever is said of it.

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse();
});
afterAll(() => gatehouse.stop());

const gated = inProduction("gated", "changes_gated: true", ", applies_to: deployment");

async function mergedChange(repo: string, text: string): Promise<void> {
  const { sim } = gatehouse;
  const { number } = sim.openPull({ repo, author: "ada", files: { "src/a.ts": text } });
  await idle(gatehouse);
  sim.mergePull({ repo, number, by: "dave" });
  await idle(gatehouse);
}

/** What was answered to a deployment behind which a commit came without a pull request. */
async function answered(repo: string): Promise<string> {
  const asked = knock(gatehouse.sim, repo);
  await idle(gatehouse);
  return (
    doorOf(gatehouse.sim, asked)
      .verdicts.map(({ state, comment }) => `${state}: ${comment}`)
      .at(-1) ?? "nothing"
  );
}

describe("what ran in an environment", () => {
  it("is found behind many deployments that were cancelled before the App was installed", async () => {
    const { sim } = gatehouse;
    const owner = "many-cancelled";
    const repo = `${owner}/shop`;
    sim.org({ login: owner, members: ["ada", "dave"], install: false });
    sim.repo({ name: repo, files: { "src/a.ts": "1\n" } });
    for (const login of ["ada", "dave"]) sim.collaborator({ repo, login, role: "write" });
    const deploy = (): ReturnType<typeof sim.deploy> =>
      sim.deploy({ repo, environment: "production", actor: "dave", event: "push" });
    const [ran] = deploy().deployments;
    if (ran === undefined) throw new Error("nothing was deployed");
    sim.finishDeployment({ repo, deployment: ran.id });
    for (let i = 0; i < 9; i += 1) {
      gatehouse.advance(60_000);
      sim.cancelRun({ repo, run: deploy().run, by: "dave" });
    }
    gatehouse.advance(60_000);
    sim.commit({ repo, files: { "src/b.ts": "unreviewed\n" } });
    sim.commit({ repo, files: { ".github/gatehouse.yml": ruled([gated]) } });
    gatehouse.advance(60_000);
    sim.installApp({ account: owner });
    await idle(gatehouse);
    sim.environment({ repo, name: "production", gate: true });
    await idle(gatehouse);
    await mergedChange(repo, "2\n");
    expect(await answered(repo)).toMatch(/^rejected: .*2 commits went to the branch without/s);
  });

  it("ran there, also where somebody calls every one of its deployments a failure afterwards", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "called-failures", ruled([gated]));
    const made: number[] = [];
    for (const text of ["1.1\n", "1.2\n"]) {
      await mergedChange(repo, text);
      const one = knock(sim, repo);
      await opens(sim, one);
      sim.finishDeployment({ repo, deployment: one.id });
      made.push(one.id);
      gatehouse.advance(5_000);
      await idle(gatehouse);
    }
    sim.commit({ repo, files: { "src/b.ts": "unreviewed\n" } });
    for (const deployment of made)
      sim.deploymentStatus({ repo, deployment, state: "failure", by: "dave" });
    await idle(gatehouse);
    await mergedChange(repo, "2\n");
    expect(await answered(repo)).toMatch(/^rejected: .*1 commit went to the branch without/s);
  });

  it("before the gate judged it is history, though the App was there for long", async () => {
    const { sim } = gatehouse;
    const owner = "governed-later";
    const repo = `${owner}/shop`;
    sim.org({ login: owner, members: ["ada", "dave"] });
    sim.repo({ name: repo, files: { "src/a.ts": "1\n" } });
    for (const login of ["ada", "dave"]) sim.collaborator({ repo, login, role: "write" });
    await idle(gatehouse);
    for (let i = 0; i < 3; i += 1) {
      gatehouse.advance(60_000);
      const { deployments } = sim.deploy({
        repo,
        environment: "production",
        actor: "dave",
        event: "push",
      });
      for (const { id } of deployments) sim.finishDeployment({ repo, deployment: id });
    }
    await idle(gatehouse);
    sim.commit({ repo, files: { ".github/gatehouse.yml": ruled([gated]) } });
    sim.environment({ repo, name: "production", gate: true });
    await idle(gatehouse);
    gatehouse.advance(60_000);
    sim.commit({ repo, author: "ada", files: { "src/b.ts": "unreviewed\n" } });
    await idle(gatehouse);
    await mergedChange(repo, "2\n");
    expect(await answered(repo)).toMatch(/^rejected: .*2 commits went to the branch without/s);
  });

  it("is looked at besides where a deployer outside told of it and nothing proves it", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "told-over-the-api", ruled([gated]));
    await idle(gatehouse);
    for (let i = 0; i < 3; i += 1) {
      gatehouse.advance(20_000);
      const { id } = sim.apiDeployment({ repo, environment: "production", by: "dave" });
      sim.deploymentStatus({ repo, deployment: id, state: "success", by: "dave" });
    }
    await idle(gatehouse);
    gatehouse.advance(60_000);
    sim.commit({ repo, author: "dave", files: { "src/b.ts": "unreviewed\n" } });
    await idle(gatehouse);
    await mergedChange(repo, "2\n");
    expect(await answered(repo)).toMatch(/^rejected: .*1 commit went to the branch without/s);
  });

  it("clears no commit by a success that somebody made up for it", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "made-up-for-it", ruled([gated]));
    await idle(gatehouse);
    sim.commit({ repo, author: "dave", files: { "src/b.ts": "unreviewed\n" } });
    const { id } = sim.apiDeployment({ repo, environment: "production", by: "dave" });
    sim.deploymentStatus({ repo, deployment: id, state: "success", by: "dave" });
    await idle(gatehouse);
    expect(await answered(repo)).toMatch(/^rejected: .*1 commit went to the branch without/s);
  });
});
