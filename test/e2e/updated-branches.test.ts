import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, open, turnsGreen, waits } from "./fault-world.ts";
import { idle, runGatehouse, type Gatehouse } from "./harness.ts";
import { patience } from "../support/patience.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(async () => {
  await gatehouse.stop();
});
const long = { timeout: 60_000 * patience };

describe.concurrent("whoever brings the branch up to date had no hand in the change", () => {
  it(
    "d: a reviewer who presses Update branch keeps the approval, and may give it anew",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "updated");
      const { number, headSha } = open(sim, repo);
      sim.review({ repo, number, by: "bob", state: "approve" });
      await turnsGreen(sim, repo, headSha);
      sim.commit({ repo, files: { "src/other.ts": "x\n" }, author: "ada" });
      const { sha } = sim.updateBranch({ repo, number, by: "bob" });
      await turnsGreen(sim, repo, sha);
      sim.review({ repo, number, by: "bob", state: "approve" });
      await turnsGreen(sim, repo, sha);
      const next = sim.commit({
        repo,
        branch: "topic",
        files: { "src/a.ts": "3\n" },
        author: "ada",
      });
      sim.review({ repo, number, by: "bob", state: "approve" });
      await turnsGreen(sim, repo, next.sha);
    },
  );

  it("T12: an edit in the merge makes whoever made it a contributor", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "updated-evil");
    const { number, headSha } = open(sim, repo);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    sim.commit({ repo, files: { "src/other.ts": "x\n" }, author: "ada" });
    const { sha } = sim.updateBranch({ repo, number, by: "bob", files: { "src/evil.ts": "1\n" } });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await idle(gatehouse);
    const run = await waits(sim, repo, sha);
    expect(run.summary).toContain("wrote commits");
  });

  it("an App that updates the branch makes it no change of a bot", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(
      sim,
      "updated-by-app",
      "version: 1\nrules:\n  - name: people\n    when: { not: { author_is: bot } }\n    require: { reviews: { approvals: 1 } }\n  - name: bots\n    when: { author_is: bot }\n    require: { reviews: { approvals: 2 } }\n",
    );
    sim.user({ login: "updater[bot]", bot: true });
    const { number, headSha } = open(sim, repo);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    sim.commit({ repo, files: { "src/other.ts": "x\n" }, author: "bob" });
    const { sha } = sim.updateBranch({ repo, number, by: "updater[bot]" });
    await turnsGreen(sim, repo, sha);
  });

  it("who restores the branch and reopens may approve", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "restored-branch");
    const { number, headSha } = open(sim, repo);
    await idle(gatehouse);
    sim.deleteBranch({ repo, branch: "topic", by: "ada" });
    await idle(gatehouse);
    sim.createBranch({ repo, branch: "topic", from: headSha, by: "bob" });
    sim.reopenPull({ repo, number, by: "bob" });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
  });
});
