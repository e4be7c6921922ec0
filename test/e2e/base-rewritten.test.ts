import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, reviewed, turnsGreen, waits } from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, type Gatehouse } from "./harness.ts";
import { createSilence } from "./unsent.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

const gateOn = (repo: string, sha: string) =>
  checkRunsOn(gatehouse.sim, repo, sha).find((one) => one.name === "gatehouse");

/** A pull request of one harmless file onto a branch that holds more than main does; approved, and green. */
async function approvedAbove(name: string, policy: string) {
  const { sim } = gatehouse;
  const repo = newRepo(sim, name, policy);
  const main = sim.commit({ repo, author: "bob", files: { "README.md": "x\n" } });
  sim.createBranch({ repo, branch: "feat-a", from: "main" });
  sim.commit({ repo, branch: "feat-a", author: "ada", files: { "src/evil.ts": "evil\n" } });
  sim.createBranch({ repo, branch: "topic", from: "feat-a" });
  const pull = sim.openPull({
    repo,
    author: "ada",
    head: "topic",
    base: "feat-a",
    files: { "docs/a.md": "harmless\n" },
  });
  await waits(sim, repo, pull.headSha);
  // GitHub tells of branches by the second: an approval in the second in which its base was made is not known to be later.
  gatehouse.advance(2_000);
  sim.review({ repo, number: pull.number, by: "bob", state: "approve" });
  await turnsGreen(sim, repo, pull.headSha);
  await calm(gatehouse);
  return { sim, repo, pull, main };
}

describe("T14: a base branch that is not what it was", () => {
  it.each([
    ["keep-if-same-diff", reviewed],
    ["dismiss", reviewed.replace("approvals: 1", "approvals: 1, stale: dismiss")],
  ])(
    "T14: force-pushed, the diff grows under an approved head, and the push itself wakes (%s)",
    async (name, policy) => {
      const { sim, repo, pull, main } = await approvedAbove(`forced-${name}`, policy);
      sim.push({ repo, branch: "feat-a", sha: main.sha, by: "ada", force: true });
      await calm(gatehouse);
      expect(gateOn(repo, pull.headSha)?.conclusion).not.toBe("success");
      sim.review({ repo, number: pull.number, by: "bob", state: "approve" });
      await turnsGreen(sim, repo, pull.headSha);
    },
  );

  it("T14: moved forward, the approval of the same head stays", async () => {
    const { sim, repo, pull } = await approvedAbove("forward", reviewed);
    sim.commit({ repo, branch: "feat-a", author: "ada", files: { "src/more.ts": "more\n" } });
    sim.editPull({ repo, number: pull.number, title: "feat: again", by: "ada" });
    await calm(gatehouse);
    expect(gateOn(repo, pull.headSha)?.conclusion).toBe("success");
  });

  it("T14: the base of a stack, held for the rules of main", async () => {
    const { sim } = gatehouse;
    const policy = reviewed.replace("require:", "when: { branches: [main] }\n    require:");
    const repo = newRepo(sim, "forced-stack", policy);
    const main = sim.commit({ repo, author: "bob", files: { "README.md": "x\n" } });
    const files = { "src/evil.ts": "evil\n" };
    const below = sim.openPull({ repo, author: "ada", head: "feat/a", files });
    const above = sim.openPull({
      repo,
      author: "ada",
      head: "feat/b",
      base: "feat/a",
      files: { "docs/a.md": "harmless\n" },
    });
    sim.stack({ repo, pulls: [below.number, above.number] });
    await waits(sim, repo, above.headSha);
    sim.review({ repo, number: above.number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, above.headSha);
    await calm(gatehouse);
    sim.push({ repo, branch: "feat/a", sha: main.sha, by: "ada", force: true });
    await calm(gatehouse);
    expect(gateOn(repo, above.headSha)?.conclusion).not.toBe("success");
  });

  it("T14: deleted and made anew elsewhere while the pull request is closed", async () => {
    const { sim, repo, pull, main } = await approvedAbove("anew", reviewed);
    sim.closePull({ repo, number: pull.number });
    sim.deleteBranch({ repo, branch: "feat-a", by: "ada" });
    sim.createBranch({ repo, branch: "feat-a", from: main.sha, by: "ada" });
    sim.reopenPull({ repo, number: pull.number });
    await calm(gatehouse);
    expect(gateOn(repo, pull.headSha)?.conclusion).not.toBe("success");
  });

  it("T14: a force-push that nobody told of is found by the sweep", async () => {
    const { sim, repo, pull, main } = await approvedAbove("forced-unsent", reviewed);
    const silence = createSilence(gatehouse);
    await silence.swept();
    await silence.unsent(() => {
      sim.push({ repo, branch: "feat-a", sha: main.sha, by: "ada", force: true });
    });
    await silence.sweep();
    await waits(sim, repo, pull.headSha);
  });

  it("T14: closed and opened again onto the base that it had, the approval stays", async () => {
    const { sim, repo, pull } = await approvedAbove("reopened", reviewed);
    sim.closePull({ repo, number: pull.number });
    sim.reopenPull({ repo, number: pull.number });
    await calm(gatehouse);
    expect(gateOn(repo, pull.headSha)?.conclusion).toBe("success");
  });
});
