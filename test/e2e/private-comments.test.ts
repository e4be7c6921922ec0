import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isHeld, knock } from "./deployments-world.ts";
import { calm, checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";

const organization = `version: 1
rules:
  - name: watched
    description: The Orion deal closes in June.
    require: { reviews: { approvals: 2, teams: [night-watch] } }
  - name: released
    when: { environments: [production] }
    require: { approvals: { count: 1, teams: [night-watch] } }
  - { name: quiet, applies_to: deployment, require: { not_frozen: true } }
freezes:
  - name: deal
    timezone: Europe/Berlin
    environments: [production]
    during: { cron: "0 0 * * *", duration: 1439m }
    reason: Orion signs today.
overrides:
  - { name: emergency, label: emergency, rules: [watched], by: { teams: [night-watch] }, lasts: 4h }
`;

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  const { sim } = gatehouse;
  sim.org({ login: "acme", members: ["ada", "bob", "carol", "dave"] });
  sim.team({ org: "acme", slug: "night-watch", members: ["bob", "carol"], privacy: "secret" });
  sim.repo({
    name: "acme/.github",
    private: true,
    files: { ".github/gatehouse.yml": organization },
  });
});
afterAll(async () => {
  await gatehouse.stop();
});

/** Everything that the gate has written in a repository. */
function written(repo: string, shas: readonly string[]): string {
  const found = gatehouse.sim.world.repos.get(gatehouse.sim.world.repoNames.get(repo) ?? 0);
  const issues = [...(found?.issues.values() ?? [])];
  return JSON.stringify([
    shas.flatMap((sha) => checkRunsOn(gatehouse.sim, repo, sha)),
    issues.map(({ title, body, comments }) => [title, body, comments.map((each) => each.body)]),
  ]);
}

async function play(repo: string, visibility: "public" | "private"): Promise<string> {
  const { sim } = gatehouse;
  sim.repo({ name: repo, private: visibility === "private", files: { "src/a.ts": "1\n" } });
  for (const login of ["ada", "bob", "dave"]) sim.collaborator({ repo, login, role: "write" });
  sim.environment({ repo, name: "production", gate: true });
  const { number, headSha } = sim.openPull({
    repo,
    author: "ada",
    head: "topic",
    title: "x",
    files: { "src/a.ts": "2\n" },
  });
  await gateSays(sim, repo, headSha, (run) => /Needs 2 approvals/.test(run.title ?? ""));
  sim.comment({ repo, number, by: "bob", body: "/gate help" });
  const issue = () => sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.issues.get(number);
  await until(
    "an answer",
    () => issue()?.comments.length ?? 0,
    (count) => count > 1,
  );
  sim.comment({ repo, number, by: "bob", body: "/gate explain\n/gate freezes" });
  sim.label({ repo, number, label: "emergency", by: "ada" });
  const asked = knock(sim, repo, { environment: "production" });
  await isHeld(sim, asked, /./);
  await until(
    "an answer about the label",
    () =>
      issue()
        ?.comments.map(({ body }) => body)
        .join() ?? "",
    (text) => text.includes("was taken off"),
  );
  await calm(gatehouse);
  return written(repo, [headSha, asked.sha]);
}

describe("private words in public", () => {
  it("W34: a public repository shows no secret team, nobody in it, and no words of a private policy", async () => {
    const text = await play("acme/open", "public");
    expect(text).toContain("a team of the organisation");
    expect(text).not.toMatch(/night/i);
    expect(text).not.toMatch(/Orion/);
    expect(text).not.toMatch(/carol/);
    expect(text).not.toMatch(/only \d+ (?:person|people)/);
  });

  it("W34: a private repository shows all of it", async () => {
    const text = await play("acme/closed", "private");
    expect(text).toMatch(/night-watch/);
    expect(text).toMatch(/The Orion deal closes in June/);
    expect(text).toMatch(/Orion signs today/);
  });
});
