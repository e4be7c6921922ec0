import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "#io/database/store/open-store.ts";
import {
  checkSays,
  inProduction,
  knock,
  newShop,
  opens,
  ruled,
  type Asked,
} from "./deployments-world.ts";
import { calm, checkRunsOn, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { patience } from "../support/patience.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true, startsAt: Date.UTC(2027, 0, 11, 9) });
  sim = gatehouse.sim;
});
afterAll(() => gatehouse.stop());

const scans = inProduction(
  "scans",
  "findings: { block: critical, require_scan: none }",
  ", applies_to: deployment, on_fail: hold",
);
const people =
  "tickets: { critical: { assign: { teams: [release] }, within: 3d, labels: [security] } }\n";

/** A pull request of ada that carol merged. */
async function merged(
  repo: string,
): Promise<{ readonly number: number; readonly headSha: string }> {
  const files = { "src/a.ts": "2\n" };
  const { number, headSha } = sim.openPull({ repo, author: "ada", head: "topic", files });
  sim.mergePull({ repo, number, by: "carol" });
  await calm(gatehouse);
  return { number, headSha };
}

/** A commit that went to production and runs there. */
async function runs(repo: string, sha?: string): Promise<Asked> {
  const asked = knock(sim, repo, sha === undefined ? {} : { sha });
  await opens(sim, asked);
  sim.finishDeployment({ repo, deployment: asked.id });
  await calm(gatehouse);
  return asked;
}

const issues = (repo: string) => {
  const id = sim.world.repoNames.get(repo) ?? 0;
  return [...(sim.world.repos.get(id)?.issues.values() ?? [])].filter(({ title }) =>
    title.includes("must not stay"),
  );
};
const turns = (asked: Asked, conclusion: string) =>
  checkSays(sim, asked, "production", (run) => run.conclusion === conclusion);

describe("what runs in production", () => {
  it(
    "turns red with a new critical finding: one issue with owner, due date and the way back, until something else runs",
    { timeout: 90_000 * patience },
    async () => {
      const repo = newShop(sim, "found", ruled([scans], people));
      const first = await runs(repo);
      const { number, headSha } = await merged(repo);
      expect(headSha).not.toBe(first.sha);
      const second = await runs(repo);
      await turns(second, "success");

      sim.dependabotAlert({
        repo,
        package: "lodash",
        severity: "critical",
        cve: "CVE-2027-1",
      });
      const red = await turns(second, "failure");
      await calm(gatehouse);
      expect(red.title).toBe(
        "Runs in production, and would not be let through: 1 critical finding must be fixed or waived",
      );
      const [issue, ...more] = issues(repo);
      expect(more).toEqual([]);
      expect(issue?.body).toContain("@acme/release: see to it by 2027-01-14");
      expect(issue?.labels).toMatchObject([{ name: "security" }]);
      const shown = checkRunsOn(sim, repo, second.sha).find(
        ({ name }) => name === "gatehouse / production",
      );
      expect(shown?.summary).toContain(`#${issue?.number}`);

      // Nothing new is written for what is known, also after a restart.
      const writes = () =>
        sim.calls.filter(({ method, path }) => method !== "GET" && path.includes(repo)).length;
      const before = writes();
      await gatehouse.restart();
      await calm(gatehouse);
      expect(writes()).toBe(before);

      // The command works as it is printed.
      const command = /`(\/gate rollback production to [0-9a-f]{7} [^`]+)`/.exec(
        issue?.body ?? "",
      )?.[1];
      expect(command).toContain(first.sha.slice(0, 7));
      const said = sim.comment({ repo, number, by: "bob", body: command ?? "" });
      await until(
        "the rocket",
        () =>
          sim.world.repos
            .get(sim.world.repoNames.get(repo) ?? 0)
            ?.issues.get(number)
            ?.comments.find(({ id }) => id === said.id)
            ?.reactions.map(({ content }) => content) ?? [],
        (seen) => seen.includes("rocket"),
      );

      // More of it is told in the same issue.
      sim.dependabotAlert({ repo, package: "minimist", severity: "critical", cve: "CVE-2027-2" });
      await until(
        "a comment",
        () => issue?.comments.map(({ body }) => body) ?? [],
        (seen) => seen.some((body) => body.includes("2 critical findings")),
      );
      // Gone back, with the findings taken on: nothing stands against what runs, and the issue is over.
      const back = await runs(repo, first.sha);
      await until(
        "the issue closed",
        () => issues(repo).map(({ state }) => state),
        ([state]) => state === "closed",
      );
      expect(issue?.comments.at(-1)?.body).toContain("runs in none of these environments");
      await turns(back, "success");
      expect(issues(repo)).toHaveLength(1);
    },
  );

  it(
    "turns red when a waiver runs out, whose owner is asked, and green once that is mended; the same issue serves again",
    { timeout: 90_000 * patience },
    async () => {
      const waived = `waivers:\n  - { finding: CVE-2027-9, until: 2027-02-20, owner: carol, reason: not reachable }\n`;
      const repo = newShop(sim, "waived", ruled([scans], waived));
      sim.dependabotAlert({ repo, package: "lodash", severity: "critical", cve: "CVE-2027-9" });
      const asked = await runs(repo);
      await turns(asked, "success");
      expect(issues(repo)).toEqual([]);
      gatehouse.advance(Date.UTC(2027, 1, 21, 1) - gatehouse.now());
      const red = await turns(asked, "failure");
      expect(red.summary).toContain("the waiver of carol ended on 2027-02-20");
      await calm(gatehouse);
      const [issue] = issues(repo);
      expect(issue?.body).toMatch(/@carol: see to it by 2027-02-23/);
      expect(issue?.assigneeIds).toEqual([sim.world.accountsByLogin.get("carol")?.id]);

      sim.setDependabotAlert({ repo, number: 1, state: "fixed" });
      await until(
        "the issue closed",
        () => issues(repo).map(({ state }) => state),
        ([state]) => state === "closed",
      );
      await turns(asked, "success");
      sim.setDependabotAlert({ repo, number: 1, state: "open" });
      await turns(asked, "failure");
      await calm(gatehouse);
      expect(issues(repo).map(({ state }) => state)).toEqual(["open"]);
    },
  );

  it(
    "let through by an override, only what comes on top is news",
    { timeout: 90_000 * patience },
    async () => {
      const repo = newShop(
        sim,
        "overridden",
        ruled(
          [scans],
          "overrides:\n  - { name: emergency, rules: [scans], by: { users: [bob] }, lasts: 4h }\n",
        ),
      );
      sim.dependabotAlert({ repo, package: "lodash", severity: "critical", cve: "CVE-2027-1" });
      const { number } = await merged(repo);
      const asked = knock(sim, repo);
      await checkSays(sim, asked, "production", ({ status }) => status === "in_progress");
      sim.comment({ repo, number, by: "bob", body: "/gate emergency the shop is down" });
      await opens(sim, asked);
      sim.finishDeployment({ repo, deployment: asked.id });
      await calm(gatehouse);
      await turns(asked, "success");
      sim.dependabotAlert({ repo, package: "left-pad", severity: "critical", cve: "CVE-2027-3" });
      await turns(asked, "failure");
      await calm(gatehouse);
      expect(issues(repo)).toHaveLength(1);
    },
  );

  it(
    "is watched on whatever anybody makes up over the API; the issue stays open",
    { timeout: 90_000 * patience },
    async () => {
      const repo = newShop(sim, "made-up", ruled([scans], people));
      const asked = await runs(repo);
      sim.dependabotAlert({ repo, package: "lodash", severity: "critical", cve: "CVE-2027-1" });
      await turns(asked, "failure");
      await calm(gatehouse);
      const { sha } = sim.commit({ repo, files: { "x.txt": "1\n" }, author: "dave" });
      const made = sim.apiDeployment({ repo, environment: "production", sha, by: "dave" });
      sim.deploymentStatus({ repo, deployment: made.id, state: "success", by: "dave" });
      sim.deploymentStatus({ repo, deployment: asked.id, state: "failure", by: "dave" });
      await calm(gatehouse);
      sim.dependabotAlert({ repo, package: "minimist", severity: "critical", cve: "CVE-2027-2" });
      await until(
        "what is new, told on the open issue",
        () => issues(repo).flatMap(({ comments }) => comments.map(({ body }) => body)),
        (seen) => seen.some((body) => body.includes("2 critical findings")),
      );
      await calm(gatehouse);
      expect(issues(repo).map(({ state }) => state)).toEqual(["open"]);

      // Also where the record has nothing left that proves what runs.
      const store = await openStore({
        url: gatehouse.settings.databaseUrl,
        now: () => gatehouse.now(),
      });
      const [row] = await store.deployments.ofSha(sim.world.repoNames.get(repo) ?? 0, asked.sha);
      if (row === undefined) throw new Error("the deployment is not on record");
      await store.deployments.change(row, () => ({ ...row, succeededAt: null }));
      await store.close();
      sim.dependabotAlert({ repo, package: "left-pad", severity: "critical", cve: "CVE-2027-3" });
      await calm(gatehouse);
      gatehouse.advance(60_000);
      await calm(gatehouse);
      expect(issues(repo).map(({ state }) => state)).toEqual(["open"]);
    },
  );

  it.each([
    ["watches-staging", scans.replace("production*", "staging")],
    ["asks-for-approval", inProduction("people", "approvals: { teams: [release] }")],
  ])(
    "is watched no more under a policy that asks nothing of it: the issue is closed with that, and the check run says what was decided (%s)",
    { timeout: 90_000 * patience },
    async (name, other) => {
      const repo = newShop(sim, name, ruled([scans], people));
      const asked = await runs(repo);
      sim.dependabotAlert({ repo, package: "lodash", severity: "critical", cve: "CVE-2027-1" });
      await turns(asked, "failure");
      await calm(gatehouse);
      sim.commit({
        repo,
        files: { ".github/gatehouse.yml": ruled([other], people) },
        author: "bob",
      });
      await until(
        "the issue closed",
        () => issues(repo).map(({ state }) => state),
        ([state]) => state === "closed",
      );
      await calm(gatehouse);
      const said = issues(repo)[0]?.comments.at(-1)?.body;
      expect(said).toContain("No rule of the policy asks any more");
      await turns(asked, "success");
    },
  );
});
