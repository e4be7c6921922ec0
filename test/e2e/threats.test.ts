import { afterEach, describe, expect, it } from "vitest";
import { calm, checkRunsOn, gateSays, runGatehouse, until, type Gatehouse } from "./harness.ts";
import { send } from "./send.ts";

const reviewed =
  "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n";
const repo = "acme/shop";

let gatehouse: Gatehouse;
afterEach(async () => {
  await gatehouse.stop();
});

async function world(policy = reviewed): Promise<Gatehouse["sim"]> {
  gatehouse = await runGatehouse({ skipsWaits: true });
  const { sim } = gatehouse;
  sim.org({ login: "acme", members: ["ada", "bob", "eve"] });
  sim.repo({ name: repo, files: { "src/a.ts": "1\n", ".github/gatehouse.yml": policy } });
  for (const login of ["ada", "bob"]) sim.collaborator({ repo, login, role: "write" });
  return sim;
}

interface Opened {
  readonly number: number;
  readonly headSha: string;
}

const open = (
  sim: Gatehouse["sim"],
  input: Partial<Parameters<Gatehouse["sim"]["openPull"]>[0]> = {},
): Opened =>
  sim.openPull({ repo, author: "ada", head: "topic", files: { "src/a.ts": "2\n" }, ...input });

const waiting = (sim: Gatehouse["sim"], sha: string): Promise<unknown> =>
  gateSays(sim, repo, sha, (run) => run.status === "in_progress");
const green = (sim: Gatehouse["sim"], sha: string): Promise<unknown> =>
  gateSays(sim, repo, sha, (run) => run.conclusion === "success");

const gateRun = (
  sim: Gatehouse["sim"],
  sha: string,
):
  | { readonly status: string; readonly conclusion: string | null; readonly title: string | null }
  | undefined => checkRunsOn(sim, repo, sha).find((run) => run.name === "gatehouse");

describe("attacks on a pull request", () => {
  it("T1: a same-named check of a foreign app does not count", async () => {
    const sim = await world(
      "version: 1\nrules:\n  - name: tests\n    require: { checks: { names: [unit], app: ci } }\n",
    );
    const { headSha } = open(sim);
    await waiting(sim, headSha);
    sim.checkRun({
      repo,
      sha: headSha,
      name: "unit",
      app: "evil",
      status: "completed",
      conclusion: "success",
    });
    await calm(gatehouse);
    expect(gateRun(sim, headSha)).toMatchObject({ status: "in_progress" });
    sim.checkRun({
      repo,
      sha: headSha,
      name: "unit",
      app: "ci",
      status: "completed",
      conclusion: "success",
    });
    await green(sim, headSha);
  });

  it("T2: a check posted with a workflow's token is no job", async () => {
    const sim = await world(
      "version: 1\nrules:\n  - name: tests\n    require: { checks: { names: [unit], app: github-actions } }\n",
    );
    const { headSha } = open(sim);
    await waiting(sim, headSha);
    sim.checkRun({
      repo,
      sha: headSha,
      name: "unit",
      app: "github-actions",
      status: "completed",
      conclusion: "success",
    });
    await calm(gatehouse);
    expect(gateRun(sim, headSha)).toMatchObject({ status: "in_progress" });
    sim.workflowRun({
      repo,
      sha: headSha,
      jobs: [{ name: "unit", status: "completed", conclusion: "success" }],
    });
    await green(sim, headSha);
  });

  it("T5: a push between approval and green is noticed before the green", async () => {
    const sim = await world();
    const { number, headSha } = open(sim);
    await waiting(sim, headSha);
    // The head moves while the gate asks whether it may send its green.
    sim.fault({
      match: { method: "GET", path: new RegExp(`/pulls/${number}$`) },
      delayMs: 400,
      times: 1,
    });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await until(
      "the read before the green",
      () => sim.calls.some((call) => call.path.endsWith(`/pulls/${number}`)) || sim.calls.length,
      () => true,
    );
    const { sha } = sim.commit({
      repo,
      branch: "topic",
      files: { "src/a.ts": "evil\n" },
      author: "ada",
    });
    await waiting(sim, sha);
    await calm(gatehouse);
    expect(gateRun(sim, sha)?.conclusion ?? null).toBeNull();
  });

  it("T8: who pushed to the branch does not count as a reviewer", async () => {
    const sim = await world();
    const { number, headSha } = open(sim);
    await waiting(sim, headSha);
    const { sha } = sim.commit({
      repo,
      branch: "topic",
      files: { "src/a.ts": "3\n" },
      author: "ada",
      pusher: "bob",
    });
    await waiting(sim, sha);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await calm(gatehouse);
    expect(gateRun(sim, sha)).toMatchObject({ status: "in_progress" });
  });

  it("T9 T10: a bot and a reader do not count", async () => {
    const sim = await world();
    const { number, headSha } = open(sim);
    await waiting(sim, headSha);
    sim.user({ login: "helper[bot]", bot: true });
    sim.review({ repo, number, by: "helper[bot]", state: "approve" });
    sim.user({ login: "stranger" });
    sim.review({ repo, number, by: "stranger", state: "approve" });
    await calm(gatehouse);
    expect(gateRun(sim, headSha)).toMatchObject({ status: "in_progress" });
  });

  it("T14: a retargeted pull request is judged again under the rules of its new base", async () => {
    const sim = await world(
      "version: 1\nrules:\n  - name: reviewed\n    when: { branches: [main] }\n    require: { reviews: { approvals: 1 } }\n",
    );
    sim.createBranch({ repo, branch: "dev", by: "ada" });
    const { number, headSha } = open(sim, { base: "dev" });
    await green(sim, headSha);
    sim.editPull({ repo, number, base: "main", by: "ada" });
    await waiting(sim, headSha);
  });

  it("T14: an approval given before the base changed does not count after it", async () => {
    const sim = await world();
    sim.createBranch({ repo, branch: "dev", by: "ada" });
    const { number, headSha } = open(sim, { base: "dev" });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await green(sim, headSha);
    sim.advance(60_000);
    sim.editPull({ repo, number, base: "main", by: "ada" });
    const run = await gateSays(sim, repo, headSha, (seen) => seen.status === "in_progress");
    expect(run.summary).toContain("before the base became");
    sim.advance(60_000);
    sim.review({ repo, number, by: "bob", state: "approve" });
    await green(sim, headSha);
  });

  it("T15: of two pull requests on one commit the stricter answer counts", async () => {
    const sim = await world(
      "version: 1\nrules:\n  - name: reviewed\n    when: { branches: [main] }\n    require: { reviews: { approvals: 1 } }\n",
    );
    sim.createBranch({ repo, branch: "dev", by: "ada" });
    const first = open(sim, { base: "dev" });
    await green(sim, first.headSha);
    const second = sim.openPull({ repo, author: "ada", head: "topic", base: "main" });
    expect(second.headSha).toBe(first.headSha);
    await waiting(sim, first.headSha);
    expect(
      checkRunsOn(sim, repo, first.headSha).filter((run) => run.name === "gatehouse"),
    ).toHaveLength(1);
    sim.closePull({ repo, number: second.number, by: "ada" });
    await green(sim, first.headSha);
  });

  it("T27: a skipped job tested nothing", async () => {
    const sim = await world(
      "version: 1\nrules:\n  - name: tests\n    require: { checks: { names: [unit], app: ci } }\n",
    );
    const { headSha } = open(sim);
    await waiting(sim, headSha);
    sim.checkRun({
      repo,
      sha: headSha,
      name: "unit",
      app: "ci",
      status: "completed",
      conclusion: "skipped",
    });
    await calm(gatehouse);
    expect(gateRun(sim, headSha)).toMatchObject({ status: "in_progress" });
  });

  it("T30: a recycled login is another person", async () => {
    const sim = await world();
    const { number, headSha } = open(sim);
    await waiting(sim, headSha);
    sim.renameUser({ login: "bob", to: "robert" });
    sim.user({ login: "bob", id: 999_999 });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await calm(gatehouse);
    expect(gateRun(sim, headSha)).toMatchObject({ status: "in_progress" });
    sim.review({ repo, number, by: "robert", state: "approve" });
    await green(sim, headSha);
  });

  it.each([
    ["an image and HTML", "![x](https://evil.example/p.png) <img src=x onerror=1> <b>"],
    ["a mention and a reference", "@acme/everyone fixes #1"],
    ["a table break and code", "a | b `c` \n\n# Head"],
    ["turned and invisible text", "safe\u202Egnp.exe\u200B"],
  ])("T32: %s in a title comes out inert", async (_name, title) => {
    const sim = await world(
      'version: 1\nrules:\n  - name: worded\n    require: { title: { pattern: "^feat: " } }\n',
    );
    const { headSha } = open(sim, { title });
    const run = await gateSays(sim, repo, headSha, (seen) => seen.conclusion === "failure");
    expect(run.summary).not.toMatch(/!\[|<img|<b>|@acme\/|[\u202e\u200b]|(?<!\\)`c`/);
    expect(run.title).not.toMatch(/[\u202e\u200b\n]/);
  });

  it("T43: nothing secret is in what the gate shows", async () => {
    const sim = await world();
    const { headSha } = open(sim);
    await waiting(sim, headSha);
    const metrics = await (await fetch(`${gatehouse.gate.url}/metrics`)).text();
    for (const text of [metrics, JSON.stringify(checkRunsOn(sim, repo, headSha))])
      expect(text).not.toMatch(/ghs_|BEGIN [A-Z ]*PRIVATE KEY/);
    expect(metrics).not.toContain(gatehouse.secret);
  });

  it("T45: two organisations with one repository name share nothing", async () => {
    const sim = await world();
    sim.org({ login: "rival", members: ["mallory"] });
    sim.repo({
      name: "rival/shop",
      files: {
        ".github/gatehouse.yml":
          "version: 1\nrules:\n  - name: sized\n    require: { size: { max_files: 0 } }\n",
        "src/a.ts": "1\n",
      },
    });
    const ours = open(sim);
    const theirs = sim.openPull({
      repo: "rival/shop",
      author: "mallory",
      head: "topic",
      files: { "src/a.ts": "2\n" },
    });
    await waiting(sim, ours.headSha);
    const run = await gateSays(
      sim,
      "rival/shop",
      theirs.headSha,
      (seen) => seen.conclusion === "failure",
    );
    expect(run.summary).toContain("sized");
    expect(run.summary).not.toContain("reviewed");
  });

  it("T46: a merge group is judged, not waved through", async () => {
    const sim = await world(
      "version: 1\nrules:\n  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n  - name: tests\n    require: { checks: { names: [unit], app: ci } }\n",
    );
    const { number, headSha } = open(sim);
    sim.checkRun({
      repo,
      sha: headSha,
      name: "unit",
      app: "ci",
      status: "completed",
      conclusion: "success",
    });
    sim.review({ repo, number, by: "bob", state: "approve" });
    await green(sim, headSha);
    const group = sim.enqueuePull({ repo, number });
    await waiting(sim, group.headSha);
    sim.checkRun({
      repo,
      sha: group.headSha,
      name: "unit",
      app: "ci",
      status: "completed",
      conclusion: "success",
    });
    await green(sim, group.headSha);
  });

  it("T36: a replayed delivery under a forged event name changes nothing", async () => {
    const sim = await world();
    const { headSha } = open(sim);
    await waiting(sim, headSha);
    const sample = sim.deliveries.find((delivery) => delivery.event === "pull_request");
    await calm(gatehouse);
    const before = JSON.stringify(checkRunsOn(sim, repo, headSha));
    for (const event of ["pull_request_review", "check_run", "installation", "push"]) {
      await send({
        url: gatehouse.gate.url,
        secret: gatehouse.secret,
        event,
        payload: { ...(sample?.payload as object), forged: event },
      });
    }
    await calm(gatehouse);
    expect(JSON.stringify(checkRunsOn(sim, repo, headSha))).toBe(before);
  });
});
