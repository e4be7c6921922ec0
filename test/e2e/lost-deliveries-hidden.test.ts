import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { doorOf, knock, newShop } from "./deployments-world.ts";
import { inDatabase, newRepo, open, tested, turnsGreen, turnsRed, worded } from "./fault-world.ts";
import {
  calm,
  checkRunsOn,
  gateSays,
  idle,
  runGatehouse,
  until,
  type Gatehouse,
} from "./harness.ts";
import { createSilence } from "./unsent.ts";

let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
let silence: ReturnType<typeof createSilence>;

/** With so many open, whoever has to wait for the turn waits for hours. */
const others = 25;

const rule = (require: string): string =>
  `version: 1\nrules:\n  - name: it\n    require: { ${require} }\n`;

const isGreenNoMore = (repo: string, sha: string): Promise<unknown> =>
  gateSays(sim, repo, sha, (run) => run.conclusion !== "success");

beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
  sim = gatehouse.sim;
  silence = createSilence(gatehouse);
  const crowd = newRepo(sim, "crowd", worded);
  for (let n = 0; n < others; n++) open(sim, crowd, { head: `h${n}`, title: "feat: x" });
  await calm(gatehouse);
});
afterAll(async () => {
  await gatehouse.stop();
});

describe("facts that no digest shows are right within five minutes, however many are open", () => {
  it("W30: a review thread that is unresolved again, and one that is resolved", async () => {
    const repo = newRepo(sim, "threads", rule("reviews: { approvals: 0, resolved_threads: true }"));
    const { number, headSha } = open(sim, repo);
    const { id } = sim.thread({ repo, number, path: "src/a.ts", by: "bob" });
    sim.resolveThread({ repo, number, id, by: "bob" });
    await turnsGreen(sim, repo, headSha);
    await silence.swept();
    await silence.swept();
    await silence.unsent(() => {
      sim.unresolveThread({ repo, number, id, by: "bob" });
    });
    await silence.swept();
    await isGreenNoMore(repo, headSha);
    await silence.unsent(() => {
      sim.resolveThread({ repo, number, id, by: "bob" });
    });
    await silence.swept();
    await turnsGreen(sim, repo, headSha);
  });

  it("W30: the first thread of a pull request that had none", async () => {
    const repo = newRepo(sim, "bare", rule("reviews: { approvals: 0, resolved_threads: true }"));
    const { number, headSha } = open(sim, repo);
    await turnsGreen(sim, repo, headSha);
    await silence.swept();
    await silence.swept();
    await silence.unsent(() => {
      sim.thread({ repo, number, path: "src/a.ts", by: "bob" });
    });
    await silence.swept();
    await isGreenNoMore(repo, headSha);
  });

  it("W30: a scan of the pull request that finds something critical", async () => {
    const repo = newRepo(sim, "scan", rule("findings: { block: critical, from: [code-scanning] }"));
    const { number, headSha } = open(sim, repo);
    const ref = `refs/pull/${number}/merge`;
    sim.codeScan({ repo, ref });
    sim.checkRun({ repo, sha: headSha, name: "CodeQL", app: "github-advanced-security" });
    await turnsGreen(sim, repo, headSha);
    await silence.swept();
    await silence.unsent(() => {
      sim.codeScan({
        repo,
        ref,
        findings: [{ rule: "js/sqli", path: "src/a.ts", line: 1, securitySeverity: "critical" }],
      });
    });
    await silence.swept();
    await isGreenNoMore(repo, headSha);
    await silence.swept();
    const [alert] =
      sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.evidence.codeAlerts ?? [];
    await silence.unsent(() => {
      sim.dismissCodeAlert({
        repo,
        number: alert?.number ?? 0,
        by: "eve",
        reason: "false positive",
      });
    });
    await silence.swept();
    await turnsGreen(sim, repo, headSha);
  });

  it("W30: a custom property by which a rule applies, and an incident", async () => {
    const conditional = newRepo(
      sim,
      "properties",
      'version: 1\nrules:\n  - name: it\n    when: { properties: { tier: ["1"] } }\n    require: { reviews: { approvals: 1 } }\n',
    );
    const troubled = newRepo(
      sim,
      "incidents",
      "version: 1\nrules:\n  - { name: it, applies_to: pull_request, require: { no_incident: { labels: [sev1] } } }\n",
    );
    const pulls = (["one", "two", "three"] as const).flatMap((head) =>
      [conditional, troubled].map((repo) => ({ repo, ...open(sim, repo, { head }) })),
    );
    for (const { repo, headSha } of pulls) await turnsGreen(sim, repo, headSha);
    await silence.swept();
    await silence.unsent(() => {
      sim.setProperties({ repo: conditional, properties: { tier: "1" } });
      const { number } = sim.openIssue({ repo: troubled, title: "Down", by: "bob" });
      sim.label({ repo: troubled, number, label: "sev1", by: "bob" });
    });
    await silence.swept();
    await idle(gatehouse);
    // All of them at once: by their turns it would be one at each sweep.
    const conclusions = pulls.map(
      ({ repo, headSha }) =>
        checkRunsOn(sim, repo, headSha).find(({ name }) => name === "gatehouse")?.conclusion,
    );
    expect(conclusions).not.toContain("success");
  });

  it("W30: a Dependabot alert and a leaked secret", async () => {
    const dependent = newRepo(
      sim,
      "dependabot",
      rule("findings: { block: critical, from: [dependabot] }"),
    );
    const leaky = newRepo(
      sim,
      "secrets",
      rule("findings: { block: critical, from: [secret-scanning] }"),
    );
    const [one, other] = [open(sim, dependent), open(sim, leaky)];
    await turnsGreen(sim, dependent, one.headSha);
    await turnsGreen(sim, leaky, other.headSha);
    await silence.swept();
    await silence.unsent(() => {
      sim.dependabotAlert({ repo: dependent, package: "left-pad", severity: "critical" });
      sim.secretAlert({ repo: leaky });
    });
    await silence.swept();
    await isGreenNoMore(dependent, one.headSha);
    await isGreenNoMore(leaky, other.headSha);
  });

  it("W4: a reviewer whose role goes from maintain to write, and comes back", async () => {
    const repo = newRepo(sim, "roles", rule("reviews: { approvals: 1, roles: [maintain] }"));
    sim.collaborator({ repo, login: "bob", role: "maintain" });
    const { number, headSha } = open(sim, repo);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha);
    await silence.swept();
    await silence.unsent(() => {
      sim.collaborator({ repo, login: "bob", role: "write" });
    });
    await silence.swept();
    await isGreenNoMore(repo, headSha);
    await silence.swept();
    await silence.unsent(() => {
      sim.collaborator({ repo, login: "bob", role: "maintain" });
    });
    await silence.swept();
    await turnsGreen(sim, repo, headSha);
  });

  it("W4: the last of more than a hundred checks turns red", async () => {
    const repo = newRepo(sim, "many-checks", tested);
    const { headSha } = open(sim, repo);
    const check = (name: string, conclusion: "success" | "failure" = "success"): void => {
      sim.checkRun({ repo, sha: headSha, name, app: "ci", status: "completed", conclusion });
    };
    // Another one is red all the time, so that the state of all together says nothing.
    check("optional", "failure");
    for (let n = 0; n < 124; n++) check(`job ${n}`);
    check("unit");
    await turnsGreen(sim, repo, headSha);
    await silence.swept();
    await silence.swept();
    await silence.unsent(() => {
      check("unit", "failure");
      check("job 120");
    });
    await silence.swept();
    await turnsRed(sim, repo, headSha);
  });

  it("W30: the first deployment of a repository in which nothing happened for hours", async () => {
    const repo = newShop(sim, "quiet-door", rule("not_frozen: true"));
    await silence.swept();
    await inDatabase(gatehouse.settings.databaseUrl, (db) => {
      db.prepare(
        "update kept_values set value = json_set(value, '$.lively', json('{}')) where key like 'sweep:activity:%'",
      ).run();
    });
    let asked = { repo, run: 0, id: 0, sha: "" };
    await silence.unsent(() => {
      asked = knock(sim, repo);
    });
    await silence.swept();
    await until(
      "an answer",
      () => doorOf(sim, asked).state,
      (state) => state === "approved",
    );
  });
});
