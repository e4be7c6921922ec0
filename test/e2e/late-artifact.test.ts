import { afterAll, beforeAll, expect, it } from "vitest";
import { lcov } from "../io/github/facts/evidence/evidence-world.ts";
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
