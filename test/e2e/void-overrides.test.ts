import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, reviewed, turnsGreen, waits } from "./fault-world.ts";
import { calm, checkRunsOn, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse();
});
afterAll(() => gatehouse.stop());

const policy = `${reviewed}overrides:
  - { name: hotfix, label: hotfix, rules: [reviewed], by: { users: [bob] }, lasts: 2h }
`;
const gateOn = (repo: string, sha: string) =>
  checkRunsOn(gatehouse.sim, repo, sha).find((one) => one.name === "gatehouse");

/** A pull request that is green by an override, asked for by a command or with a label. */
async function overridden(name: string, by: "command" | "label", base = "main") {
  const { sim } = gatehouse;
  const repo = newRepo(sim, name, policy);
  sim.createBranch({ repo, branch: "dev", from: "main" });
  const files = { "src/a.ts": "2\n" };
  const pull = sim.openPull({ repo, author: "ada", head: "topic", base, files });
  const { number, headSha } = pull;
  await waits(sim, repo, headSha);
  if (by === "label") sim.label({ repo, number, label: "hotfix", by: "bob" });
  const body = by === "label" ? "the shop is down" : "/gate override hotfix the shop is down";
  sim.comment({ repo, number, by: "bob", body });
  await turnsGreen(sim, repo, headSha);
  await calm(gatehouse);
  return { sim, repo, number, headSha };
}

describe("an override is for one head onto one base, and what is void stays void", () => {
  it.each(["command", "label"] as const)("T14: retargeted, and back again (%s)", async (by) => {
    const { sim, repo, number, headSha } = await overridden(`retargeted-${by}`, by, "dev");
    sim.editPull({ repo, number, base: "main", by: "ada" });
    await calm(gatehouse);
    expect(gateOn(repo, headSha)?.conclusion).not.toBe("success");
    sim.editPull({ repo, number, base: "dev", by: "ada" });
    await calm(gatehouse);
    expect(gateOn(repo, headSha)?.conclusion).not.toBe("success");
  });

  it.each(["command", "label"] as const)(
    "T29: a push, and a force-push back to the head that it was for (%s)",
    async (by) => {
      const { sim, repo, headSha, number } = await overridden(`back-${by}`, by);
      const files = { "src/b.ts": "1\n" };
      const { sha } = sim.commit({ repo, branch: "topic", files, author: "ada" });
      await waits(sim, repo, sha);
      sim.push({ repo, branch: "topic", sha: headSha, by: "ada", force: true });
      await calm(gatehouse);
      expect(gateOn(repo, headSha)?.conclusion).not.toBe("success");
      sim.comment({ repo, number, by: "bob", body: "/gate override hotfix once more" });
      await turnsGreen(sim, repo, headSha);
    },
  );

  it("T29: away and back before anybody looked", async () => {
    const { sim, repo, headSha } = await overridden("back-at-once", "command");
    const files = { "src/b.ts": "1\n" };
    gatehouse.advance(5_000);
    sim.commit({ repo, branch: "topic", files, author: "ada" });
    sim.push({ repo, branch: "topic", sha: headSha, by: "ada", force: true });
    await calm(gatehouse);
    expect(gateOn(repo, headSha)?.conclusion).not.toBe("success");
  });
});
