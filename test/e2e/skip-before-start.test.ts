import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, open } from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

describe("what was let through because nothing reports waits once a run begins that may", () => {
  it.each(["tests: { if_absent: skip }", "coverage: { project: 80, if_absent: skip }"])(
    "%s",
    async (demand) => {
      const { sim } = gatehouse;
      const repo = newRepo(
        sim,
        `begin-${demand.replace(/\W+/g, "-")}x`,
        `version: 1\nrules:\n  - name: r\n    applies_to: pull_request\n    require: { ${demand} }\n`,
      );
      const { headSha } = open(sim, repo);
      const gate = (): string | null =>
        checkRunsOn(sim, repo, headSha).find(({ name }) => name === "gatehouse")?.conclusion ??
        null;
      await calm(gatehouse);
      expect(gate()).toBe("success");
      sim.workflowRun({ repo, sha: headSha, jobs: [{ name: "unit", status: "in_progress" }] });
      await calm(gatehouse);
      expect(gate()).toBeNull();
    },
  );
});
