import { afterAll, beforeAll, describe, it } from "vitest";
import { isHeld, knock } from "./deployments-world.ts";
import { calm, checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";

/** ada and bob write; core is a team of bob without the repository, seniors is ada alone. */
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  const { sim } = gatehouse;
  sim.org({ login: "acme", members: ["ada", "bob", "dora"] });
  sim.team({ org: "acme", slug: "core", members: ["bob"] });
  sim.team({ org: "acme", slug: "seniors", members: ["ada"] });
});
afterAll(async () => {
  await gatehouse.stop();
});

const shown = (repo: string, sha: string, summary: RegExp) =>
  gateSays(gatehouse.sim, repo, sha, (run) => summary.test(run.summary ?? ""));

function aRepository(name: string, policy: string, files: Record<string, string> = {}): string {
  const { sim } = gatehouse;
  const repo = `acme/${name}`;
  sim.repo({
    name: repo,
    private: true,
    files: { "src/a.ts": "1\n", ".github/gatehouse.yml": policy, ...files },
  });
  for (const login of ["ada", "bob", "dora"]) sim.collaborator({ repo, login, role: "write" });
  return repo;
}

describe("the next step leads somewhere", () => {
  it("W45: an owner team without write access is named, with what an administrator does, until it has it", async () => {
    const { sim } = gatehouse;
    const repo = aRepository(
      "owned",
      "version: 1\nrules:\n  - { name: owners, require: { reviews: { approvals: 0, code_owners: true } } }\n",
      { ".github/CODEOWNERS": "* @acme/core\n" },
    );
    const { number, headSha } = sim.openPull({ repo, author: "ada", files: { "src/a.ts": "2\n" } });
    await shown(
      repo,
      headSha,
      /@.?acme\/core has no write access: an administrator gives it at Settings → Collaborators and teams/,
    );
    sim.teamRepo({ org: "acme", team: "core", repo, role: "write" });
    await shown(repo, headSha, /@.?acme\/core approves src\/a\.ts/);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await gateSays(sim, repo, headSha, (run) => run.conclusion === "success");
  });

  it("W45: approvers of a deployment who are all barred: it is said where it waits", async () => {
    const { sim } = gatehouse;
    const repo = aRepository(
      "released",
      "version: 1\nrules:\n  - { name: release, when: { environments: [production] }, require: { approvals: { teams: [seniors] } } }\n",
    );
    sim.environment({ repo, name: "production", gate: true });
    const { number } = sim.openPull({ repo, author: "ada", files: { "src/a.ts": "2\n" } });
    sim.mergePull({ repo, number, by: "bob" });
    await calm(gatehouse);
    const id = sim.world.repoNames.get(repo) ?? 0;
    const sha = sim.world.repos.get(id)?.refs.get("refs/heads/main") ?? "";
    const asked = knock(sim, repo, { sha, actor: "bob" });
    await isHeld(sim, asked, /Needs 1 approval/);
    const says =
      /Everybody of @.?acme\/seniors .*had a hand in what goes out: an administrator adds somebody to the team/;
    await until(
      "the words on the check run",
      () => checkRunsOn(sim, repo, sha).find(({ name }) => name === "gatehouse / production"),
      (run) => says.test(run?.summary ?? ""),
    );
    await until(
      "the words on the pull request",
      () => [...(sim.world.repos.get(id)?.issues.get(number)?.comments ?? [])],
      (comments) => comments.some(({ body }) => says.test(body)),
    );
  });
});
