import { afterAll, beforeAll, expect, it } from "vitest";
import { lcov } from "../io/github/facts/evidence/evidence-world.ts";
import { knock, newShop, opens } from "./deployments-world.ts";
import { newRepo, open, waits } from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse();
});
afterAll(() => gatehouse.stop());
const gateOn = (repo: string, sha: string) =>
  checkRunsOn(gatehouse.sim, repo, sha).find((one) => one.name === "gatehouse");
const covered =
  "version: 1\nrules:\n  - name: covered\n    require: { coverage: { project: 80 } }\n";

it("W28: an upload that GitHub lists a moment after the run has ended", async () => {
  const { sim } = gatehouse;
  const repo = newRepo(sim, "cov-late", covered);
  const pull = open(sim, repo);
  await waits(sim, repo, pull.headSha);
  const run = sim.workflowRun({
    repo,
    sha: pull.headSha,
    jobs: ["unit"],
    artifacts: { "coverage-unit": { "lcov.info": lcov({ "src/a.ts": { 1: 1 } }) } },
  });
  await calm(gatehouse);
  expect(gateOn(repo, pull.headSha)?.conclusion).toBe("success");
  sim.artifact({
    repo,
    run: run.id,
    name: "coverage-e2e",
    files: { "lcov.info": lcov({ "src/b.ts": { 1: 0, 2: 0, 3: 0, 4: 0 } }) },
  });
  sim.comment({ repo, number: pull.number, by: "ada", body: "/gate recheck" });
  await calm(gatehouse);
  expect(gateOn(repo, pull.headSha)?.conclusion).toBe("failure");
});

it("a pass on the first workflow's report waits for the second workflow, whose report denies", async () => {
  const { sim } = gatehouse;
  const repo = newRepo(sim, "cov-two", covered);
  const pull = open(sim, repo);
  await waits(sim, repo, pull.headSha);
  const second = sim.workflowRun({
    repo,
    sha: pull.headSha,
    path: ".github/workflows/e2e.yml",
    jobs: [{ name: "e2e", status: "in_progress" }],
    artifacts: { "coverage-e2e": { "lcov.info": lcov({ "src/b.ts": { 1: 0, 2: 0, 3: 0 } }) } },
  });
  sim.workflowRun({
    repo,
    sha: pull.headSha,
    jobs: ["unit"],
    artifacts: { "coverage-unit": { "lcov.info": lcov({ "src/a.ts": { 1: 1 } }) } },
  });
  await calm(gatehouse);
  expect(gateOn(repo, pull.headSha)).toMatchObject({
    conclusion: null,
    title: "CI is still running and may bring another report",
  });
  sim.job({ repo, run: second.id, name: "e2e" });
  await calm(gatehouse);
  expect(gateOn(repo, pull.headSha)?.conclusion).toBe("failure");
});

it("a workflow that tests and then deploys: its reports count while it waits for the answer", async () => {
  const { sim } = gatehouse;
  const policy =
    "version: 1\nrules:\n  - name: tested\n    applies_to: [deployment]\n    require: { tests: { min: 2 } }\n";
  const repo = newShop(sim, "test-then-deploy", policy);
  const asks = (cases: number) => {
    const { sha } = sim.commit({ repo, files: { "src/a.ts": `${cases}\n` }, author: "ada" });
    const { id: run } = sim.workflowRun({
      repo,
      sha,
      event: "push",
      branch: "main",
      path: ".github/workflows/deploy.yml",
      jobs: ["unit"],
      artifacts: {
        junit: {
          "report.xml": `<testsuite name="s">${'<testcase name="t"/>'.repeat(cases)}</testsuite>`,
        },
      },
    });
    return knock(sim, repo, { run });
  };
  await opens(sim, asks(2));
  await calm(gatehouse);
});
