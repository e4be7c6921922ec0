import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, turnsGreen, waits } from "./fault-world.ts";
import { calm, checkRunsOn, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

const policy = `version: 1
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
  - name: agents-reviewed-by-two
    when: { author_is: agent }
    require: { reviews: { approvals: 2 } }
`;

/** Without what keeps GitHub from reading names and Markdown in it. */
const plain = (summary: string | null): string => (summary ?? "").replaceAll(/[\\\u2060]/g, "");

/** A pull request that GitHub's coding agent made because ada asked it to. */
function ofCopilot(name: string) {
  const { sim } = gatehouse;
  const repo = newRepo(sim, name, policy);
  for (const login of ["carol", "claude"]) sim.collaborator({ repo, login, role: "write" });
  sim.user({ login: "Copilot" });
  const pull = sim.openPull({
    repo,
    author: "Copilot",
    head: "copilot/fix",
    files: { "b.ts": "1\n" },
  });
  sim.agentStarts({ repo, number: pull.number, askedBy: "ada" });
  sim.assign({ repo, number: pull.number, to: "ada", by: "Copilot" });
  return { sim, repo, pull };
}

describe("what a coding agent wrote", () => {
  it("T8: is let through by two people who did not ask for it, and by no other agent", async () => {
    const { sim, repo, pull } = ofCopilot("by-copilot");
    await waits(sim, repo, pull.headSha);
    for (const by of ["ada", "claude", "bob"])
      sim.review({ repo, number: pull.number, by, state: "approve" });
    const run = await gateSays(sim, repo, pull.headSha, ({ summary }) =>
      plain(summary).includes("@ada (asked an agent for it)"),
    );
    expect(plain(run.summary)).toContain("@claude (is a coding agent)");
    await calm(gatehouse);
    expect(checkRunsOn(sim, repo, pull.headSha).map(({ conclusion }) => conclusion)).not.toContain(
      "success",
    );
    sim.review({ repo, number: pull.number, by: "carol", state: "approve" });
    await turnsGreen(sim, repo, pull.headSha);
  });

  it("asks nothing more of a person's change", async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "by-a-person", policy);
    const pull = sim.openPull({ repo, author: "ada", files: { "b.ts": "1\n" } });
    await waits(sim, repo, pull.headSha);
    sim.review({ repo, number: pull.number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, pull.headSha);
  });
});
