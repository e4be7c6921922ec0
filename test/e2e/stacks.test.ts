import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { calm, checkRunsOn, gateSays, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  gatehouse.sim.org({ login: "acme", members: ["ada", "bob", "carol"] });
});
afterAll(() => gatehouse.stop());

/** Rules that hold for main only, and an owner on main only. */
const policy = `version: 1
rules:
  - name: reviewed
    when: { branches: [main] }
    require: { reviews: { approvals: 1 } }
`;

let made = 0;

function aRepository(text = policy): string {
  const repo = `acme/stack-${++made}`;
  const { sim } = gatehouse;
  sim.repo({ name: repo, files: { ".github/gatehouse.yml": text, "a.ts": "1\n" } });
  for (const login of ["ada", "bob", "carol"]) sim.collaborator({ repo, login, role: "write" });
  return repo;
}

/** One onto main, and one onto its branch. */
function two(repo: string) {
  const { sim } = gatehouse;
  const below = sim.openPull({ repo, author: "ada", head: "feat/a", files: { "a.ts": "2\n" } });
  const above = sim.openPull({
    repo,
    author: "ada",
    head: "feat/b",
    base: "feat/a",
    files: { "b.ts": "1\n" },
  });
  return { below, above };
}

const is = (conclusion: string | null) => (run: { readonly conclusion: string | null }) =>
  run.conclusion === conclusion;

describe("pull requests as GitHub holds them", () => {
  it("W9: a pull request in a stack is held for the rules of the stack's base", async () => {
    const repo = aRepository();
    const { sim } = gatehouse;
    const { below, above } = two(repo);
    await gateSays(sim, repo, above.headSha, is("success"));
    sim.stack({ repo, pulls: [below.number, above.number] });
    const waits = await gateSays(sim, repo, above.headSha, is(null));
    expect(waits.title).toContain("Needs 1 approval");
    sim.review({ repo, number: above.number, by: "bob", state: "approve" });
    await gateSays(sim, repo, above.headSha, is("success"));
  });

  it("W9: a stack that no webhook told is seen before a green", async () => {
    const repo = aRepository(`${policy}  - name: titled
    require: { title: { pattern: "^feat: " } }
`);
    const { sim } = gatehouse;
    const { below, above } = two(repo);
    await gateSays(sim, repo, above.headSha, is("failure"));
    sim.stack({ repo, pulls: [below.number, above.number], quiet: true });
    sim.editPull({ repo, number: above.number, title: "feat: b" });
    await gateSays(sim, repo, above.headSha, is(null));
    await calm(gatehouse);
    expect(checkRunsOn(sim, repo, above.headSha).map((run) => run.conclusion)).toEqual([null]);
  });

  it("W9: a stack that was given another base, or left, is judged again", async () => {
    const repo = aRepository();
    const { sim } = gatehouse;
    sim.createBranch({ repo, branch: "next" });
    const { below, above } = two(repo);
    const { number } = sim.stack({ repo, pulls: [below.number, above.number] });
    await gateSays(sim, repo, above.headSha, is(null));
    sim.retargetStack({ repo, stack: number, base: "next" });
    await gateSays(sim, repo, above.headSha, is("success"));
    sim.retargetStack({ repo, stack: number, base: "main" });
    await gateSays(sim, repo, above.headSha, is(null));
    sim.leaveStack({ repo, pull: above.number });
    // GitHub tells of that with whatever comes next.
    sim.label({ repo, number: above.number, label: "left", by: "ada" });
    await gateSays(sim, repo, above.headSha, is("success"));
  });

  it("W9: its owners are those of the stack's base", async () => {
    const repo = aRepository(`version: 1
rules:
  - name: owned
    require: { reviews: { approvals: 0, code_owners: true } }
`);
    const { sim } = gatehouse;
    sim.commit({ repo, files: { CODEOWNERS: "* @carol\n" }, author: "ada" });
    const below = sim.openPull({
      repo,
      author: "ada",
      head: "feat/a",
      files: { CODEOWNERS: "* @bob\n" },
    });
    const above = sim.openPull({
      repo,
      author: "ada",
      head: "feat/b",
      base: "feat/a",
      files: { "b.ts": "1\n" },
    });
    sim.stack({ repo, pulls: [below.number, above.number] });
    sim.review({ repo, number: above.number, by: "bob", state: "approve" });
    await calm(gatehouse);
    await gateSays(sim, repo, above.headSha, (run) => (run.title ?? "").includes("@carol"));
    sim.review({ repo, number: above.number, by: "carol", state: "approve" });
    await gateSays(sim, repo, above.headSha, is("success"));
  });

  it.each([true, false])(
    "W8: a base that GitHub changed by itself makes old approvals void (told: %s)",
    async (told) => {
      const repo = aRepository(
        "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n",
      );
      const { sim } = gatehouse;
      const { below, above } = two(repo);
      sim.review({ repo, number: above.number, by: "bob", state: "approve" });
      await gateSays(sim, repo, above.headSha, is("success"));
      sim.mergePull({ repo, number: below.number, by: "bob" });
      await calm(gatehouse);
      sim.advance(2_000);
      sim.deleteBranch({ repo, branch: "feat/a", quiet: !told });
      if (!told) sim.review({ repo, number: above.number, by: "carol", state: "comment" });
      const run = await gateSays(sim, repo, above.headSha, is(null));
      expect(run.summary).toContain("approved before the base became main");
    },
  );
});
