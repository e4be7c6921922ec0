import { afterEach, describe, expect, it } from "vitest";
import { checkRunsOn, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";

const policy = `
version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
`;

let gatehouse: Gatehouse | null = null;
afterEach(async () => {
  await gatehouse?.stop();
  gatehouse = null;
});

function setUp(world: Gatehouse): void {
  const { sim } = world;
  sim.org({ login: "acme", members: ["ada", "bob", "eve"] });
  sim.repo({ name: "acme/shop", files: { ".github/gatehouse.yml": policy, "src/a.ts": "1\n" } });
  sim.collaborator({ repo: "acme/shop", login: "bob", role: "write" });
}

describe("the main job", () => {
  it("waits for a review, then turns green with three calls and one write", async () => {
    gatehouse = await runGatehouse({ skipsWaits: true });
    setUp(gatehouse);
    const { sim } = gatehouse;
    const { number, headSha } = sim.openPull({
      repo: "acme/shop",
      author: "ada",
      files: { "src/a.ts": "2\n" },
    });
    const waiting = await gateSays(
      sim,
      "acme/shop",
      headSha,
      (run) => run.status === "in_progress",
    );
    expect(waiting.title).toMatch(/1 approval/);
    await sim.settled();
    sim.resetCalls();
    sim.review({ repo: "acme/shop", number, by: "bob", state: "approve" });
    const green = await gateSays(sim, "acme/shop", headSha, (run) => run.conclusion === "success");
    expect(green.title).toBe("1 rule passes");
    expect(checkRunsOn(sim, "acme/shop", headSha)).toHaveLength(1);
    const calls = sim.calls.filter((call) => !call.isToken);
    console.log(calls.map((c) => `${c.method} ${c.path} ${c.status}`));
    expect(calls.length).toBeLessThanOrEqual(3);
  });
});
