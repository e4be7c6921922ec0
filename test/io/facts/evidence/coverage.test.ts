import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { coverageReport } from "../../../../src/core/facts/coverage.ts";
import { valueOf } from "../simulated.ts";
import { anywhere, evidenceWorld, repo, threeOfFour, type EvidenceWorld } from "./evidence-world.ts";

let world: EvidenceWorld;
beforeEach(async () => {
  world = await evidenceWorld();
});
afterEach(() => world.stop());

describe("coverage of a pull request", () => {
  it("is measured from the artifact of its own run, with the changed lines that no test runs", async () => {
    world.sim.workflowRun({ repo, sha: world.headSha, jobs: ["unit"], artifacts: { coverage: { "lcov.info": threeOfFour } } });
    world.calls();
    const fact = valueOf(await world.fact(coverageReport.need(anywhere)));
    console.log(JSON.stringify(fact), world.calls());
    expect(fact).toMatchObject({ kind: "figures", project: { covered: 3, valid: 4 }, patch: { covered: 1, valid: 2 } });
  });
});
