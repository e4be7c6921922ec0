import { describe, it } from "vitest";
import { newRepo, open, turnsGreen, worded } from "./fault-world.ts";
import { gateSays, runGatehouse, type Gatehouse } from "./harness.ts";
import { createSilence } from "./unsent.ts";

const policy =
  "version: 1\nrules:\n  - name: org-reviewed\n    require: { reviews: { approvals: 1 } }\n";

const free = "version: 1\nrules: []\n";

const isGreenNoMore = (sim: Gatehouse["sim"], repo: string, sha: string): Promise<unknown> =>
  gateSays(sim, repo, sha, (run) => run.conclusion !== "success");

interface Quiet {
  readonly sim: Gatehouse["sim"];
  readonly silence: ReturnType<typeof createSilence>;
}

/** Each plays with what rules a whole organisation, so each has a gate of its own. */
async function inGatehouse(play: (quiet: Quiet) => Promise<void>): Promise<void> {
  const gatehouse = await runGatehouse({ skipsWaits: true });
  try {
    await play({ sim: gatehouse.sim, silence: createSilence(gatehouse) });
  } finally {
    await gatehouse.stop();
  }
}

describe.concurrent("an organisation's repository `.github` that nobody told of", () => {
  it("W30: made with a policy: what stood turns, and what comes later is judged by it", () =>
    inGatehouse(async ({ sim, silence }) => {
      const repo = newRepo(sim, "made", worded);
      const { headSha } = open(sim, repo, { title: "feat: x" });
      await turnsGreen(sim, repo, headSha);
      await silence.swept();
      await silence.unsent(() => {
        sim.repo({ name: "acme/.github", files: { ".github/gatehouse.yml": policy } });
      });
      await silence.swept();
      await isGreenNoMore(sim, repo, headSha);
      const later = open(sim, repo, { head: "later", title: "feat: y" });
      await isGreenNoMore(sim, repo, later.headSha);
    }));

  it("W30: a repository that takes the name, and another that takes it afterwards", () =>
    inGatehouse(async ({ sim, silence }) => {
      const repo = newRepo(sim, "renamed", worded);
      sim.repo({ name: "acme/policies", files: { ".github/gatehouse.yml": free } });
      const { number, headSha } = open(sim, repo, { title: "feat: x" });
      await turnsGreen(sim, repo, headSha);
      await silence.swept();
      await silence.unsent(() => {
        sim.commit({
          repo: "acme/policies",
          branch: "main",
          author: "ada",
          files: { ".github/gatehouse.yml": policy },
        });
        sim.renameRepo({ repo: "acme/policies", to: ".github" });
      });
      await silence.swept();
      await isGreenNoMore(sim, repo, headSha);
      sim.review({ repo, number, by: "bob", state: "approve" });
      await turnsGreen(sim, repo, headSha);
      await silence.swept();
      await silence.unsent(() => {
        sim.renameRepo({ repo: "acme/.github", to: "policies-before" });
        sim.repo({
          name: "acme/.github",
          files: { ".github/gatehouse.yml": policy.replace("approvals: 1", "approvals: 2") },
        });
      });
      await silence.swept();
      await isGreenNoMore(sim, repo, headSha);
    }));
});
