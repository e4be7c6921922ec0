import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patience } from "../support/patience.ts";
import { always, doorOf, isHeld, knock, newShop, opens, ruled } from "./deployments-world.ts";
import { newRepo, open, turnsGreen, waits } from "./fault-world.ts";
import { calm, runGatehouse, type CheckRunSeen, type Gatehouse } from "./harness.ts";

/** What counts and what stands for "it has begun" are the same runs, through the whole product. */
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

const patienceMs = 60_000;
const long = { timeout: 120_000 * patience };
const rule = (demand: string): string =>
  `version: 1\nrules:\n  - name: tests\n    require: { checks: { ${demand} } }\n`;
const text = (run: CheckRunSeen): string =>
  `${run.title ?? ""}\n${run.summary ?? ""}`.replaceAll("\\", "").replaceAll("\u2060", "");
const lint = { path: ".github/workflows/lint.yml", name: "lint", jobs: ["lint"] };
const onPulls = "on: pull_request\njobs: {}\n";
const [ciFile, lintFile] = [".github/workflows/ci.yml", ".github/workflows/lint.yml"];

describe("which runs count", () => {
  it(
    "A16: under trusted a run of a changed workflow does not stand for the workflow of the base",
    long,
    async () => {
      const { sim } = gatehouse;
      for (const [index, demand] of [
        "all: true, trusted: true",
        "names: ['*'], trusted: true",
      ].entries()) {
        const repo = newRepo(sim, `a16-trusted-${index}`, rule(demand));
        sim.commit({ repo, author: "bob", files: { [ciFile]: onPulls, [lintFile]: onPulls } });
        const plain = open(sim, repo, { head: "plain" });
        const changing = open(sim, repo, {
          head: "changing",
          files: { [ciFile]: `${onPulls}# quick\n` },
        });
        for (const [branch, sha] of [
          ["plain", plain.headSha],
          ["changing", changing.headSha],
        ] as const) {
          sim.workflowRun({ repo, sha, branch, jobs: ["unit"] });
          sim.workflowRun({ repo, sha, branch, ...lint });
        }
        await calm(gatehouse);
        await turnsGreen(sim, repo, plain.headSha, patienceMs);
        const seen = text(await waits(sim, repo, changing.headSha, patienceMs));
        expect(seen).toContain(`No run of ${ciFile} that counts has tested this commit`);
        expect(seen).toContain(`one from ${ciFile}, which is changed here`);
      }
    },
  );

  it(
    "W7: a run onto another base is none of the retargeted pull request; one after it was opened again is",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "w7-runs", rule("all: true"));
      sim.commit({ repo, author: "bob", files: { [ciFile]: onPulls } });
      sim.createBranch({ repo, branch: "dev", from: "main" });
      const { number, headSha } = open(sim, repo, { base: "dev" });
      sim.workflowRun({ repo, sha: headSha, jobs: ["unit"] });
      await turnsGreen(sim, repo, headSha, patienceMs);
      gatehouse.advance(5000);
      sim.editPull({ repo, number, base: "main", by: "ada" });
      await calm(gatehouse);
      expect(text(await waits(sim, repo, headSha, patienceMs))).toContain(
        "by closing the pull request and opening it again",
      );
      gatehouse.advance(5000);
      sim.closePull({ repo, number, by: "ada" });
      sim.reopenPull({ repo, number, by: "ada" });
      gatehouse.advance(2000);
      sim.workflowRun({ repo, sha: headSha, jobs: ["unit"] });
      await turnsGreen(sim, repo, headSha, patienceMs);
    },
  );

  it(
    "W7: the run of another pull request with the same head is none of one opened later onto another base",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "w7-second", rule("all: true"));
      sim.commit({ repo, author: "bob", files: { [ciFile]: onPulls } });
      sim.createBranch({ repo, branch: "dev", from: "main" });
      const first = open(sim, repo, { base: "dev" });
      sim.workflowRun({ repo, sha: first.headSha, jobs: ["unit"] });
      await turnsGreen(sim, repo, first.headSha, patienceMs);
      sim.closePull({ repo, number: first.number, by: "ada" });
      gatehouse.advance(5000);
      sim.openPull({ repo, author: "ada", head: "topic" });
      await calm(gatehouse);
      await waits(sim, repo, first.headSha, patienceMs);
      sim.workflowRun({ repo, sha: first.headSha, jobs: ["unit"] });
      await turnsGreen(sim, repo, first.headSha, patienceMs);
    },
  );

  it(
    "W12: an unfinished run that is deleted at GitHub is waited for at a deployment as on a pull request",
    long,
    async () => {
      const { sim } = gatehouse;
      const policy = ruled(
        ["{ name: tests, applies_to: [deployment], require: { checks: { all: true } } }"],
        always,
      );
      const repo = newShop(sim, "w12-deployment", policy);
      const { sha } = sim.commit({ repo, author: "bob", files: { "src/a.ts": "2\n" } });
      const push = { repo, sha, event: "push", branch: "main" };
      sim.workflowRun({ ...push, ...lint });
      const going = sim.workflowRun({ ...push, jobs: [{ name: "unit", status: "in_progress" }] });
      const asked = knock(sim, repo);
      await isHeld(sim, asked, /unit/);
      sim.deleteRun({ repo, run: going.id });
      sim.workflowRun({ ...push, ...lint });
      await calm(gatehouse);
      expect(doorOf(sim, asked).state).toBe("waiting");
      // What asked once, and was deleted since, holds nobody who goes back to the commit.
      const next = sim.commit({ repo, author: "bob", files: { "src/a.ts": "3\n" } }).sha;
      sim.workflowRun({ ...push, sha: next, ...lint });
      const first = knock(sim, repo);
      await opens(sim, first, patienceMs);
      sim.deleteRun({ repo, run: first.run });
      await opens(sim, knock(sim, repo), patienceMs);
    },
  );
});
