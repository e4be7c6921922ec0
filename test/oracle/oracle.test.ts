import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Simulator } from "@gatehouse/github-simulator";
import { Oracle } from "./oracle.ts";

/** The oracle alone: a simulated GitHub, and greens that this test writes in the gate's place. */
const { publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const appId = 7;
const repo = "acme/shop";
let sim: Simulator;
let oracle: Oracle;

beforeEach(async () => {
  vi.spyOn(console, "error").mockReturnValue(undefined);
  oracle = new Oracle();
  sim = await Simulator.start({ appId, publicKeyPem: publicKey });
  oracle.watch(sim);
  sim.org({ login: "acme", members: ["ada", "bob", "carol"] });
  sim.team({ org: "acme", slug: "release", members: ["bob"] });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await sim.stop();
});

function shop(policy: string): void {
  sim.repo({ name: repo, files: { "a.txt": "1\n", ".github/gatehouse.yml": policy } });
  for (const login of ["ada", "bob", "carol"]) sim.collaborator({ repo, login, role: "write" });
  sim.environment({ repo, name: "production", gate: true });
}

const open = (): { number: number; headSha: string } =>
  sim.openPull({ repo, author: "ada", head: "topic", files: { "a.txt": "2\n" } });

/** Tells the oracle of a green as the simulated GitHub would, long after whatever happened before. */
function green(sha: string, isLater = true): void {
  if (isLater) vi.setSystemTime(Date.now() + 3_600_000);
  const { id } = sim.checkRun({ repo, sha, name: "gatehouse", app: appId, update: true });
  const said = (isFault: boolean): void =>
    oracle.see({
      method: "POST",
      url: "",
      path: `/repos/${repo}/check-runs`,
      requestBody: {},
      status: 201,
      responseBody: { id },
      at: 0,
      isToken: false,
      isFault,
    });
  said(true);
  said(false);
}

const ruled = (require: string, more = ""): string =>
  `version: 1\nrules: [{ name: rule, require: { ${require} } }]\n${more}`;

describe("the oracle", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<[string, string, (number: number, sha: string) => void]>([
    ["no approval", "reviews: {}", () => undefined],
    [
      "the author's own",
      "reviews: {}",
      (number) => sim.review({ repo, number, by: "ada", state: "approve" }),
    ],
    [
      "a request for changes",
      "reviews: {}",
      (number) => {
        sim.review({ repo, number, by: "bob", state: "approve" });
        sim.review({ repo, number, by: "carol", state: "request_changes" });
      },
    ],
    [
      "an approval of another diff",
      "reviews: {}",
      (number) => {
        sim.review({
          repo,
          number,
          by: "bob",
          state: "approve",
          commit:
            sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.refs.get("refs/heads/main") ??
            "",
        });
      },
    ],
    ["no check", "checks: { all: true }", () => undefined],
    [
      "a red sibling",
      'checks: { names: ["build *"] }',
      (_, sha) => {
        sim.workflowRun({
          repo,
          sha,
          jobs: ["build (a)", { name: "build (a/b)", conclusion: "failure" }],
        });
      },
    ],
    [
      "a red run of another event",
      "checks: { names: [unit] }",
      (_, sha) => {
        sim.workflowRun({ repo, sha, jobs: [{ name: "unit", conclusion: "failure" }] });
        sim.workflowRun({ repo, sha, event: "push", branch: "topic", jobs: ["unit"] });
      },
    ],
    [
      "a green without a job",
      "checks: { names: [unit], app: github-actions }",
      (_, sha) => sim.checkRun({ repo, sha, name: "unit" }),
    ],
    ["another title", 'title: { pattern: "^feat: " }', () => undefined],
    [
      "a hold",
      "size: { max_files: 9 }",
      (number) => sim.comment({ repo, number, by: "bob", body: "/gate hold" }),
    ],
  ])("calls a green wrong: %s", (_what, require, act) => {
    shop(ruled(require));
    const { number, headSha } = open();
    act(number, headSha);
    green(headSha);
    expect(oracle.differences).toEqual([expect.stringMatching(/^WRONG GREEN acme\/shop/)]);
    expect(oracle.counts).toMatchObject({ greens: 1, unjudged: 0 });
  });

  it("knows a workflow by its file's name alone, and what of it still runs", () => {
    shop(ruled('checks: { names: ["unit*"], workflow: ci.yml }'));
    const { headSha } = open();
    const run = (path: string, jobs: Parameters<typeof sim.workflowRun>[0]["jobs"]): void =>
      void sim.workflowRun({ repo, sha: headSha, path: `.github/workflows/${path}`, jobs });
    run("ci.yml", ["unit"]);
    run("other.yml", [{ name: "unit of another", conclusion: "failure" }]);
    green(headSha);
    expect([oracle.differences, oracle.doubts]).toEqual([[], []]);
    run("ci.yml", [{ name: "lint", status: "in_progress" }]);
    green(headSha);
    expect(oracle.differences).toEqual([expect.stringContaining("is still running")]);
  });

  it("agrees with a green that is right", () => {
    shop(ruled("reviews: {}"));
    const { number, headSha } = open();
    sim.review({ repo, number, by: "bob", state: "approve" });
    green(headSha);
    expect([oracle.differences, oracle.doubts]).toEqual([[], []]);
  });

  it("cannot say what came first within one second of GitHub's", () => {
    shop(ruled("reviews: { stale: dismiss }"));
    sim.createBranch({ repo, branch: "dev" });
    const { number, headSha } = open();
    vi.setSystemTime(1_800_000_000_100);
    sim.editPull({ repo, number, base: "dev" });
    vi.setSystemTime(1_800_000_000_900);
    sim.review({ repo, number, by: "bob", state: "approve" });
    green(headSha);
    expect([oracle.differences, oracle.doubts]).toEqual([
      [],
      ["green acme/shop: rule: given in the second of a retarget"],
    ]);
  });

  it("cannot say whether a policy that stood for a moment was seen", () => {
    shop("version: 1\nenforcement: disabled\n");
    const { headSha } = open();
    vi.setSystemTime(Date.now() + 3_600_000);
    sim.commit({ repo, files: { ".github/gatehouse.yml": ruled("reviews: {}") } });
    vi.setSystemTime(Date.now() + 1000);
    sim.commit({ repo, files: { ".github/gatehouse.yml": null } });
    green(headSha);
    expect([oracle.differences, oracle.doubts]).toEqual([
      [],
      ["green acme/shop: a policy that stood there for a moment"],
    ]);
  });

  it.each<[string, "bob" | "ada" | null, number]>([
    ["nobody", null, 1],
    ["its author", "ada", 1],
    ["somebody else", "bob", 0],
  ])("judges an alert that was dismissed by %s", (_what, by, differences) => {
    shop(ruled("findings: { from: [code-scanning], block: high }"));
    const { number, headSha } = open();
    const { alerts } = sim.codeScan({
      repo,
      ref: `refs/pull/${number}/merge`,
      findings: [{ rule: "sql", path: "a.txt", securitySeverity: "high" }],
    });
    if (by !== null) sim.dismissCodeAlert({ repo, number: alerts[0] ?? 0, by });
    green(headSha);
    expect(oracle.differences).toHaveLength(differences);
    expect(oracle.counts).toMatchObject({ greens: 1, unjudged: 0 });
  });

  it("holds a pull request of a stack to the rules of the stack's base", () => {
    shop(
      "version: 1\nrules: [{ name: rule, when: { branches: [main] }, require: { reviews: {} } }]\n",
    );
    const lower = open();
    const upper = sim.openPull({
      repo,
      author: "ada",
      head: "upper",
      base: "topic",
      files: { "b.txt": "2\n" },
    });
    sim.stack({ repo, pulls: [lower.number, upper.number] });
    green(upper.headSha);
    expect(oracle.differences).toHaveLength(1);
  });

  it("a red of another event counts neither way, one of a push to another branch is red", () => {
    shop(ruled("checks: { names: [unit] }"));
    const { headSha: sha } = open();
    const jobs = [{ name: "unit", conclusion: "failure" as const }];
    sim.workflowRun({ repo, sha, event: "workflow_dispatch", jobs });
    sim.workflowRun({ repo, sha, jobs: ["unit"] });
    green(sha);
    expect([oracle.differences, oracle.doubts]).toEqual([[], []]);
    sim.workflowRun({ repo, sha, event: "push", branch: "scratch", jobs });
    green(sha);
    expect(oracle.differences.join()).toContain("a red unit of another branch");
  });

  it("says what it does not judge", () => {
    shop(ruled("pinned_actions: true"));
    green(open().headSha);
    expect([oracle.differences, oracle.doubts]).toEqual([
      [],
      ["green acme/shop: rule: pinned_actions"],
    ]);
  });

  it("takes what was right a moment ago for a race, and asks for its end", () => {
    shop(ruled("reviews: {}"));
    const { number, headSha } = open();
    const { id } = sim.review({ repo, number, by: "bob", state: "approve" });
    sim.dismissReview({ repo, number, id, by: "ada" });
    green(headSha, false);
    expect([oracle.differences, oracle.counts.raced]).toEqual([[], 1]);
    expect(oracle.standing()).toEqual([expect.stringContaining("stays green")]);
  });

  it("calls a green wrong by the organisation's last policy, after that cannot be read any more", () => {
    sim.repo({ name: "acme/.github", files: { ".github/gatehouse.yml": ruled("reviews: {}") } });
    shop(ruled("size: { max_files: 9 }").replace("name: rule", "name: other"));
    const { headSha } = open();
    sim.selectRepos({ account: "acme", repos: [repo] });
    green(headSha);
    expect(oracle.differences).toHaveLength(1);
  });

  /** Tells of an answer to the deployment long after whatever happened before. */
  function approved(run: number): void {
    vi.setSystemTime(Date.now() + 3_600_000);
    oracle.see({
      method: "POST",
      url: "",
      path: `/repos/${repo}/actions/runs/${run}/deployment_protection_rule`,
      requestBody: { state: "approved", environment_name: "production" },
      status: 204,
      responseBody: undefined,
      at: 0,
      isToken: false,
      isFault: false,
    });
  }
  const deployed = (sha: string) => {
    const { run, deployments } = sim.deploy({
      repo,
      environment: "production",
      actor: "bob",
      sha,
      branch: "main",
    });
    return { run, id: deployments[0]?.id ?? 0 };
  };
  const ends = (one: { run: number; id: number }): void => {
    sim.startWaitingJobs({ repo, run: one.run, by: "bob" });
    sim.finishDeployment({ repo, deployment: one.id });
  };

  it("judges forward_only: what lacks commits of what runs does not go out", () => {
    shop(
      ruled("forward_only: true", "").replace("name: rule,", "name: rule, applies_to: deployment,"),
    );
    const older = sim.commit({ repo, files: { "a.txt": "3\n" } }).sha;
    const newer = sim.commit({ repo, files: { "a.txt": "4\n" } }).sha;
    const first = deployed(newer);
    approved(first.run);
    expect(oracle.differences).toEqual([]);
    ends(first);
    approved(deployed(older).run);
    expect(oracle.differences.join()).toContain("lacks commits of");
  });

  it("judges changes_gated: no part of an allowed change", () => {
    shop(
      ruled("changes_gated: { since: last_deployment }").replace(
        "name: rule,",
        "name: rule, applies_to: deployment,",
      ),
    );
    ends(
      deployed(
        sim.world.repos.get(sim.world.repoNames.get(repo) ?? 0)?.refs.get("refs/heads/main") ?? "",
      ),
    );
    const { number, headSha: part } = open();
    const { sha } = sim.commit({ repo, branch: "topic", files: { "b.txt": "1\n" } });
    green(sha);
    sim.mergePull({ repo, number, by: "bob", method: "merge" });
    approved(deployed(part).run);
    expect([oracle.differences.join(), oracle.doubts.join()]).toEqual([
      expect.stringContaining("a part of a change"),
      "",
    ]);
  });

  it("calls nothing wrong where a hold on what was merged below a first deployment counts", () => {
    shop(ruled("not_frozen: true").replace("name: rule,", "name: rule, applies_to: deployment,"));
    const { number } = open();
    sim.comment({ repo, number, by: "bob", body: "/gate hold" });
    sim.mergePull({ repo, number, by: "carol" });
    const { sha } = sim.commit({ repo, author: "ada", files: { "b.txt": "1\n" } });
    approved(deployed(sha).run);
    expect([oracle.differences, oracle.doubts.join()]).toEqual([
      [],
      expect.stringContaining("on hold"),
    ]);
  });

  it.each([
    ["an incident", "no_incident: { labels: [incident] }", "is an open incident"],
    ["no test report", "tests: {}", "no test report"],
  ])("judges %s at a deployment and a pull request", (_what, require, why) => {
    shop(
      ruled(require).replace("name: rule,", "name: rule, applies_to: [pull_request, deployment],"),
    );
    const { number } = sim.openIssue({ repo, title: "Down", by: "bob" });
    sim.label({ repo, number, label: "incident", by: "bob" });
    const { headSha } = open();
    green(headSha);
    approved(deployed(headSha).run);
    expect(oracle.differences).toHaveLength(2);
    expect(oracle.differences.every((one) => one.includes(why))).toBe(true);
  });

  it.each([
    ["nobody approved", () => undefined, 1],
    [
      "somebody else approved",
      () => sim.comment({ repo, number: 1, by: "carol", body: "/gate approve production" }),
      1,
    ],
    [
      "a person of the team approved",
      () => sim.comment({ repo, number: 1, by: "bob", body: "/gate approve production" }),
      0,
    ],
  ])("judges an approval: %s", (_what, act, differences) => {
    shop(ruled("approvals: { teams: [release] }"));
    const { number } = open();
    sim.mergePull({ repo, number, by: "carol" });
    const { run } = sim.deploy({ repo, environment: "production", actor: "dave" });
    act();
    vi.setSystemTime(Date.now() + 3_600_000);
    oracle.see({
      method: "POST",
      url: "",
      path: `/repos/${repo}/actions/runs/${run}/deployment_protection_rule`,
      requestBody: { state: "approved", environment_name: "production" },
      status: 204,
      responseBody: undefined,
      at: 0,
      isToken: false,
      isFault: false,
    });
    expect(oracle.differences).toHaveLength(differences);
    expect(oracle.counts).toMatchObject({ approvals: 1, unjudged: 0 });
  });
});
