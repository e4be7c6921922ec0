import { afterAll, beforeAll, describe, it } from "vitest";
import { patience } from "../support/patience.ts";
import { lcov } from "../io/github/facts/evidence/evidence-world.ts";
import { newRepo, open, turnsGreen, turnsRed } from "./fault-world.ts";
import { calm, runGatehouse, type Gatehouse } from "./harness.ts";

/** Runs that tested nothing, or a part, beside those that tested the commit, through the whole product. */
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

const patienceMs = 60_000;
const long = { timeout: 120_000 * patience };
const rule = (demand: string): string =>
  `version: 1\nrules:\n  - name: tests\n    require: { ${demand} }\n`;
const reports = { coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 1 } }) } };

describe("runs that tested nothing", () => {
  it("a push run gives way to the pull request's run that cancelled it", long, async () => {
    const { sim } = gatehouse;
    for (const [index, demand] of [
      "checks: { names: [unit] }",
      "checks: { all: true }",
      "coverage: { project: 50 }",
    ].entries()) {
      const repo = newRepo(sim, `one-group-${index}`, rule(demand));
      const { headSha: sha } = open(sim, repo);
      const first = sim.workflowRun({
        repo,
        sha,
        event: "push",
        branch: "topic",
        jobs: [{ name: "unit", status: "in_progress" }],
      });
      sim.workflowRun({ repo, sha, branch: "topic", jobs: ["unit"], artifacts: reports });
      sim.cancelRun({ repo, run: first.id, by: "ada" });
      await calm(gatehouse);
      await turnsGreen(sim, repo, sha, patienceMs);
    }
  });

  it(
    "a run for a label, which skips a job, takes back no success; a red takes it",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "a-label", rule("checks: { names: [unit] }"));
      const { headSha: sha } = open(sim, repo);
      const skipped = { name: "unit", conclusion: "skipped" };
      sim.workflowRun({ repo, sha, branch: "topic", jobs: ["unit"] });
      sim.workflowRun({ repo, sha, branch: "topic", jobs: [skipped, "e2e"] });
      await calm(gatehouse);
      await turnsGreen(sim, repo, sha, patienceMs);
      sim.workflowRun({
        repo,
        sha,
        branch: "topic",
        jobs: [{ name: "unit", conclusion: "failure" }],
      });
      await turnsRed(sim, repo, sha, patienceMs);
    },
  );
});
