import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  doorOf,
  inProduction,
  isHeld,
  knock,
  newShop,
  opens,
  ruled,
  says,
} from "./deployments-world.ts";
import { calm, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse();
});
afterAll(async () => {
  await gatehouse.stop();
});

const policy = `${ruled([inProduction("release", "approvals: { teams: [release] }")])}  - name: reviewed
    require: { reviews: { approvals: 1 } }
`;

describe("contributors to earlier heads", () => {
  it("W3: whose commit a force-push took away can approve neither the pull request nor its deployment, also after a restart", async () => {
    const { sim } = gatehouse;
    const repo = newShop(sim, "forced-away", policy);
    const files = { "src/a.ts": "2\n" };
    const topic = { repo, branch: "topic", pusher: "ada" };
    sim.commit({ ...topic, files, author: "bob" });
    const { number, headSha } = sim.openPull({ repo, author: "ada", head: "topic" });
    await gateSays(sim, repo, headSha, (run) => run.status === "in_progress");
    await gatehouse.restart();
    const { sha: head } = sim.commit({
      ...topic,
      files,
      author: "ada",
      parent: "main",
      force: true,
    });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await gateSays(
      sim,
      repo,
      head,
      ({ status, summary }) =>
        status === "in_progress" && /contributed to an earlier head/.test(summary ?? ""),
    );
    sim.review({ repo, number, by: "carol", state: "approve" });
    await gateSays(sim, repo, head, (run) => run.conclusion === "success");
    const { sha } = sim.mergePull({ repo, number, by: "dave", method: "squash" });
    const asked = knock(sim, repo, { sha, actor: "eve" });
    await isHeld(sim, asked, /Needs 1 approval/);
    await says(gatehouse, asked, "approve", "bob");
    await calm(gatehouse);
    expect(doorOf(sim, asked).state).toBe("waiting");
    await says(gatehouse, asked, "approve", "carol");
    await opens(sim, asked);
  });
});
