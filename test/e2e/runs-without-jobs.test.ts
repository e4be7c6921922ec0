import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, open, turnsGreen, turnsRed, waits } from "./fault-world.ts";
import { calm, checkRunsOn, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";
import { createSilence } from "./unsent.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
beforeAll(async () => {
  gatehouse = await runGatehouse();
  sim = gatehouse.sim;
});
afterAll(() => gatehouse.stop());

const requires = (demands: string): string =>
  `version: 1\nrules:\n  - name: green\n    require: { checks: { ${demands} } }\n`;
const recommended = "version: 1\nextends: gatehouse:recommended\n";

/** `test` needs `lint`, which is done: GitHub has made no check run for it yet, and the run goes on. */
const firstJobDone = (repo: string, sha: string, event = "pull_request"): number =>
  sim.workflowRun({ repo, sha, event, jobs: ["lint", { name: "test", needs: ["lint"] }] }).id;

const gateOn = (repo: string, sha: string) =>
  checkRunsOn(sim, repo, sha).find(({ name }) => name === "gatehouse");

const stillWaits = async (repo: string, sha: string, title: string): Promise<void> => {
  await calm(gatehouse);
  expect(gateOn(repo, sha)).toMatchObject({ status: "in_progress", conclusion: null });
  expect(gateOn(repo, sha)?.title).toContain(title);
};

describe("W13: between two jobs", () => {
  it.each([
    ["all", "all: true"],
    ["all-of-actions", "all: true, app: github-actions"],
    ["glob", 'names: ["*"], app: github-actions'],
  ])("a pull request under %s waits for the job that needs another", async (how, demands) => {
    const repo = newRepo(sim, `needs-${how}`, requires(demands));
    const { headSha } = open(sim, repo);
    await waits(sim, repo, headSha);
    const run = firstJobDone(repo, headSha);
    await stillWaits(repo, headSha, "Workflow ci is still running");
    sim.job({ repo, run, name: "test" });
    await turnsGreen(sim, repo, headSha);
  });

  it("so do the preset and a merge group", async () => {
    const repo = newRepo(sim, "needs-preset", recommended);
    const pull = open(sim, repo, { files: { "docs/a.md": "1\n" } });
    sim.review({ repo, number: pull.number, by: "bob", state: "approve" });
    const first = firstJobDone(repo, pull.headSha);
    await stillWaits(repo, pull.headSha, "Workflow ci is still running");
    sim.job({ repo, run: first, name: "test" });
    await turnsGreen(sim, repo, pull.headSha);
    const group = sim.enqueuePull({ repo, number: pull.number }).headSha;
    const second = firstJobDone(repo, group, "merge_group");
    await stillWaits(repo, group, "Workflow ci is still running");
    sim.job({ repo, run: second, name: "test", conclusion: "failure" });
    await turnsRed(sim, repo, group);
  });

  it("a run that ended without a further check is seen, also where GitHub never told", async () => {
    const silence = createSilence(gatehouse);
    const repo = newRepo(sim, "needs-unsent", requires("all: true"));
    const { headSha } = open(sim, repo);
    const run = firstJobDone(repo, headSha);
    await stillWaits(repo, headSha, "Workflow ci is still running");
    await silence.swept();
    await silence.unsent(() => sim.cancelRun({ repo, run, by: "ada" }));
    await silence.sweep();
    await turnsRed(sim, repo, headSha);
  });
});

describe("W4: a run without a job that GitHub never told of", () => {
  it("takes the green at the next look", async () => {
    const silence = createSilence(gatehouse);
    const heads = ["one", "other", "third"].map((name) => {
      const repo = newRepo(sim, `jobless-unsent-${name}`, requires("all: true"));
      const { headSha } = open(sim, repo);
      sim.checkRun({ repo, sha: headSha, name: "DCO", app: "dco" });
      return { repo, headSha };
    });
    for (const { repo, headSha } of heads) await turnsGreen(sim, repo, headSha);
    // The second look has seen all of them as they are.
    await silence.swept();
    await silence.swept();
    await silence.unsent(() => {
      for (const { repo, headSha: sha } of heads)
        sim.workflowRun({ repo, sha, conclusion: "startup_failure", jobs: ["unit"] });
    });
    // One look judges one subject whatever it sees: of three, two are seen.
    await silence.swept();
    for (const { repo, headSha } of heads)
      await gateSays(sim, repo, headSha, (one) => one.conclusion === "failure");
  });
});

describe("W13: a run without a job beside another app's green", () => {
  it.each([
    ["startup_failure", requires("all: true"), "could not start"],
    ["action_required", requires("all: true"), "waits for approval to run"],
    ["startup_failure", recommended, "could not start"],
    ["action_required", recommended, "waits for approval to run"],
  ] as const)("%s is no green (%#)", async (conclusion, policy, why) => {
    const repo = newRepo(
      sim,
      `jobless-${conclusion}-${policy === recommended ? "preset" : "all"}`,
      policy,
    );
    const { number, headSha } = open(sim, repo, { files: { "docs/a.md": "1\n" } });
    sim.review({ repo, number, by: "bob", state: "approve" });
    sim.checkRun({ repo, sha: headSha, name: "DCO", app: "dco" });
    await turnsGreen(sim, repo, headSha);
    const run = sim.workflowRun({ repo, sha: headSha, conclusion, jobs: ["unit"] }).id;
    const said = await gateSays(sim, repo, headSha, (one) => one.conclusion === "failure");
    expect(said.title).toContain(why);
    if (conclusion !== "action_required") return;
    sim.approveRun({ repo, run, by: "bob" });
    await stillWaits(repo, headSha, "Workflow ci is still running");
    sim.job({ repo, run, name: "unit" });
    await turnsGreen(sim, repo, headSha);
  });
});
