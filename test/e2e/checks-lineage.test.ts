import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRepo, open, turnsGreen, turnsRed, waits } from "./fault-world.ts";
import { calm, gateSays, runGatehouse, type CheckRunSeen, type Gatehouse } from "./harness.ts";
import { listenToWire } from "./wire.ts";
import { patience } from "../support/patience.ts";

/** Which checks count, and what stands in whose place, through the whole product. */
const wire = listenToWire();
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ simulator: { onExchange: wire.onExchange }, skipsWaits: true });
});
afterAll(async () => {
  await gatehouse.stop();
  expect(wire.problems()).toEqual([]);
});

const patienceMs = 60_000;
const long = { timeout: 120_000 * patience };
const rule = (demand: string): string =>
  `version: 1\nrules:\n  - name: tests\n    require: { checks: { ${demand} } }\n`;
const unit = (conclusion: string) => ({ name: "unit", conclusion });
const text = (run: CheckRunSeen): string =>
  `${run.title ?? ""}\n${run.summary ?? ""}`.replaceAll("\\", "").replaceAll("\u2060", "");

describe.concurrent("which checks count", () => {
  it(
    "W12: a green by push does not take the place of a red by pull_request; its own re-run does",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "w12-events", rule("names: [unit]"));
      const { headSha } = open(sim, repo);
      const first = sim.workflowRun({ repo, sha: headSha, jobs: [unit("failure")] });
      sim.workflowRun({ repo, sha: headSha, event: "push", branch: "topic", jobs: ["unit"] });
      await calm(gatehouse);
      expect(text(await turnsRed(sim, repo, headSha, patienceMs))).toContain(
        "does not take the place of the red one",
      );
      sim.rerun({ repo, run: first.id, by: "ada" });
      await turnsGreen(sim, repo, headSha, patienceMs);
    },
  );

  it(
    "W12: a red, or an unfinished, check whose run was deleted at GitHub stays one; a deleted green proves nothing",
    long,
    async () => {
      const { sim } = gatehouse;
      const [named, all, openRun, green] = [
        "names: [unit]",
        "all: true",
        "all: true",
        "names: [unit]",
      ].map((demand, index) => {
        const repo = newRepo(sim, `w12-deleted-${index}`, rule(demand));
        return { repo, ...open(sim, repo) };
      });
      if (!named || !all || !openRun || !green) throw new Error("no world");
      const byPush = { event: "push", branch: "topic" } as const;
      const runIn = (
        { repo, headSha }: typeof named,
        more: Pick<Parameters<typeof sim.workflowRun>[0], "jobs" | "event" | "branch">,
      ): number => sim.workflowRun({ repo, sha: headSha, ...more }).id;
      const red = [named, all].map((pull) => runIn(pull, { jobs: [unit("failure")] }));
      for (const pull of [named, all, openRun]) runIn(pull, { ...byPush, jobs: ["unit"] });
      const unfinished = runIn(openRun, { jobs: [{ name: "slow", status: "in_progress" }] });
      const proof = runIn(green, { jobs: ["unit"] });
      await turnsRed(sim, named.repo, named.headSha, patienceMs);
      await turnsRed(sim, all.repo, all.headSha, patienceMs);
      await waits(sim, openRun.repo, openRun.headSha, patienceMs);
      await turnsGreen(sim, green.repo, green.headSha, patienceMs);
      sim.deleteRun({ repo: named.repo, run: red[0] ?? 0 });
      sim.deleteRun({ repo: all.repo, run: red[1] ?? 0 });
      sim.deleteRun({ repo: openRun.repo, run: unfinished });
      sim.deleteRun({ repo: green.repo, run: proof });
      // Something else that reports has each of them judged again.
      for (const { repo, headSha } of [named, all, openRun, green])
        runIn({ repo, headSha, number: 0 }, { ...byPush, jobs: ["lint"] });
      await calm(gatehouse);
      const held = async (pull: typeof named, conclusion: string | null): Promise<string> =>
        text(
          await gateSays(
            sim,
            pull.repo,
            pull.headSha,
            (run) => run.conclusion === conclusion,
            patienceMs,
          ),
        );
      expect(await held(named, "failure")).toContain(
        "was deleted at GitHub after it had been seen",
      );
      expect(await held(named, "failure")).toContain("somebody pushes a new commit");
      expect(await held(all, "failure")).toContain("was deleted at GitHub");
      expect(await held(openRun, null)).toContain("was deleted at GitHub");
      await waits(sim, green.repo, green.headSha, patienceMs);
    },
  );

  it(
    "W12: two jobs of one name in one run both count; a re-run of all takes their place",
    long,
    async () => {
      const { sim } = gatehouse;
      const heads = ["names: [unit]", "names: [unit], app: github-actions", "all: true"].map(
        (demand, index) => {
          const repo = newRepo(sim, `w12-twins-${index}`, rule(demand));
          const { headSha } = open(sim, repo);
          const run = sim.workflowRun({
            repo,
            sha: headSha,
            jobs: [unit("failure"), unit("success")],
          });
          return { repo, headSha, run: run.id };
        },
      );
      for (const { repo, headSha } of heads) await turnsRed(sim, repo, headSha, patienceMs);
      for (const { repo, run } of heads) sim.rerun({ repo, run, by: "ada" });
      for (const { repo, headSha } of heads) await turnsGreen(sim, repo, headSha, patienceMs);
    },
  );

  it(
    "W12: a dispatched run from another branch on the same commit proves nothing and hides nothing",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "w12-dispatch", rule("names: [unit]"));
      const { headSha } = open(sim, repo);
      sim.createBranch({ repo, branch: "scratch", from: headSha });
      const dispatched = { repo, sha: headSha, branch: "scratch", jobs: ["unit"] };
      sim.workflowRun({ ...dispatched, event: "workflow_dispatch" });
      sim.workflowRun({ ...dispatched, event: "push" });
      await calm(gatehouse);
      expect(text(await waits(sim, repo, headSha, patienceMs))).toContain(
        "one from a run by workflow_dispatch, which tests no change, from a run of scratch does not count",
      );
      sim.workflowRun({ repo, sha: headSha, branch: "topic", jobs: [unit("failure")] });
      await turnsRed(sim, repo, headSha, patienceMs);
    },
  );

  it(
    "W12: two workflows with a job of one name are two checks, in GraphQL and in REST",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "w12-workflows", rule('names: ["un*"]'));
      const { headSha } = open(sim, repo);
      sim.workflowRun({ repo, sha: headSha, jobs: [unit("failure")] });
      sim.workflowRun({ repo, sha: headSha, path: ".github/workflows/fast.yml", jobs: ["unit"] });
      await turnsRed(sim, repo, headSha, patienceMs);
    },
  );

  it(
    "W12: another creator's green status hides no red one; its own next one takes its place",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "w12-creators", rule("all: true"));
      const { headSha } = open(sim, repo);
      const status = { repo, sha: headSha, context: "ci/test" };
      sim.status({ ...status, state: "failure", by: "jenkins" });
      sim.status({ ...status, state: "success", by: "bob" });
      expect(text(await turnsRed(sim, repo, headSha, patienceMs))).toContain(
        "Another ci/test by bob is green; it does not take the place of the red one",
      );
      sim.status({ ...status, context: "CI/test", state: "success", by: "jenkins" });
      await turnsGreen(sim, repo, headSha, patienceMs);
    },
  );

  it("W13: no check at all is no pass, on a pull request and its merge group", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "w13-wait", rule("all: true"));
    const { number, headSha } = open(sim, repo);
    expect((await waits(sim, repo, headSha, patienceMs)).title).toBe("No check has reported");
    sim.workflowRun({ repo, sha: headSha, jobs: ["unit"] });
    await turnsGreen(sim, repo, headSha, patienceMs);
    const group = sim.enqueuePull({ repo, number });
    expect((await waits(sim, repo, group.headSha, patienceMs)).title).toBe("No check has reported");
    sim.workflowRun({ repo, sha: group.headSha, event: "merge_group", jobs: ["unit"] });
    await turnsGreen(sim, repo, group.headSha, patienceMs);
  });

  it(
    "W13: pass_without_ci passes where nothing reports, and waits where something does",
    long,
    async () => {
      const { sim } = gatehouse;
      const policy = rule("all: true, if_none: pass_without_ci");
      const bare = newRepo(sim, "w13-bare", policy);
      const first = open(sim, bare);
      await turnsGreen(sim, bare, first.headSha, patienceMs);

      const workflow = newRepo(sim, "w13-workflow", policy);
      sim.commit({
        repo: workflow,
        files: { ".github/workflows/ci.yml": "on: push\n" },
        author: "bob",
      });
      const second = open(sim, workflow);
      expect(text(await waits(sim, workflow, second.headSha, patienceMs))).toContain(
        ".github/workflows/ci.yml on main",
      );

      const external = newRepo(sim, "w13-external", policy);
      const before = open(sim, external, { head: "before" });
      sim.status({ repo: external, sha: before.headSha, context: "ci/build", state: "success" });
      await turnsGreen(sim, external, before.headSha, patienceMs);
      sim.mergePull({ repo: external, number: before.number, by: "bob" });
      const third = open(sim, external);
      expect(text(await waits(sim, external, third.headSha, patienceMs))).toContain(
        `checks on #${before.number}`,
      );
    },
  );

  it(
    "W25: a green that a workflow makes in the suite of its red job does not hide the job, no app pinned",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "w25-minted", rule("all: true"));
      const { headSha } = open(sim, repo);
      const run = sim.workflowRun({ repo, sha: headSha, jobs: [unit("failure")] });
      await turnsRed(sim, repo, headSha, patienceMs);
      sim.checkRun({ repo, sha: headSha, name: "unit", app: "github-actions", run: run.id });
      sim.status({ repo, sha: headSha, context: "unit", state: "success" });
      await calm(gatehouse);
      expect((await turnsRed(sim, repo, headSha, patienceMs)).title).toBe(
        "The check unit must pass",
      );
      // What no job bears the name of is the workflow's own report.
      sim.rerun({ repo, run: run.id, by: "ada" });
      sim.checkRun({ repo, sha: headSha, name: "report", app: "github-actions", run: run.id });
      await turnsGreen(sim, repo, headSha, patienceMs);
    },
  );

  it("W47: another App's red check of our name counts; our own never does", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "w47-names", rule("all: true"));
    const { headSha } = open(sim, repo);
    sim.workflowRun({ repo, sha: headSha, jobs: ["unit"] });
    await turnsGreen(sim, repo, headSha, patienceMs);
    sim.checkRun({
      repo,
      sha: headSha,
      name: "gatehouse / e2e",
      app: "other-app",
      conclusion: "failure",
    });
    expect((await turnsRed(sim, repo, headSha, patienceMs)).title).toBe(
      "The check gatehouse / e2e must pass",
    );
  });

  it(
    "W24: a local action or reusable workflow changed in the pull request makes its checks untrusted",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "w24-parts", rule("names: [unit], trusted: true"));
      sim.commit({
        repo,
        author: "bob",
        files: {
          ".github/workflows/ci.yml":
            "on: pull_request\njobs:\n  unit:\n    uses: ./.github/workflows/shared.yml\n",
          ".github/workflows/shared.yml":
            "on: workflow_call\njobs:\n  unit:\n    steps:\n      - uses: ./.github/actions/setup\n",
          ".github/actions/setup/action.yml":
            "runs:\n  using: composite\n  steps:\n    - run: ./run.sh\n      shell: bash\n",
          ".github/actions/setup/run.sh": "npm test\n",
        },
      });
      const other = open(sim, repo, { head: "other" });
      sim.workflowRun({ repo, sha: other.headSha, branch: "other", jobs: ["unit"] });
      await turnsGreen(sim, repo, other.headSha, patienceMs);

      const inside = open(sim, repo, {
        head: "inside",
        files: { ".github/actions/setup/run.sh": "true\n" },
      });
      sim.workflowRun({ repo, sha: inside.headSha, branch: "inside", jobs: ["unit"] });
      const seen = await gateSays(
        sim,
        repo,
        inside.headSha,
        (run) => run.status === "in_progress" && text(run).includes("run.sh"),
        patienceMs,
      );
      expect(text(seen)).toContain(".github/actions/setup/run.sh, which is changed here");
    },
  );

  it(
    "A16: a green App, or a status of the author's, is no test where workflows test",
    long,
    async () => {
      const { sim } = gatehouse;
      const policies = {
        all: rule("all: true"),
        star: rule("names: ['*']"),
        preset: "version: 1\nextends: gatehouse:recommended\n",
      };
      const heads = Object.entries(policies).map(([name, policy]) => {
        const repo = newRepo(sim, `a16-${name}`, policy);
        const files = { ".github/workflows/ci.yml": "on: [push, pull_request]\njobs: {}\n" };
        const { sha: tip } = sim.commit({ repo, author: "bob", files });
        sim.workflowRun({ repo, sha: tip, event: "push", branch: "main", jobs: ["unit"] });
        const { number, headSha } = open(sim, repo);
        const lint = { path: ".github/workflows/lint.yml", name: "lint", jobs: ["lint"] };
        sim.workflowRun({ repo, sha: headSha, event: "push", branch: "topic", ...lint });
        sim.review({ repo, number, by: "bob", state: "approve" });
        sim.checkRun({ repo, sha: headSha, name: "DCO", app: "dco" });
        sim.status({ repo, sha: headSha, context: "fine", state: "success", by: "ada" });
        return { repo, number, headSha };
      });
      await calm(gatehouse);
      for (const { repo, headSha } of heads)
        expect(text(await waits(sim, repo, headSha, patienceMs))).toContain(
          "No run of .github/workflows/ci.yml has tested this commit",
        );
      for (const { repo, headSha: sha } of heads) sim.workflowRun({ repo, sha, jobs: ["unit"] });
      for (const { repo, headSha } of heads) await turnsGreen(sim, repo, headSha, patienceMs);
      const [first] = heads;
      if (first === undefined) throw new Error("unreachable");
      const { repo, number } = first;
      const group = sim.enqueuePull({ repo, number }).headSha;
      sim.checkRun({ repo, sha: group, name: "DCO", app: "dco" });
      await calm(gatehouse);
      expect(text(await turnsGreen(sim, repo, group, patienceMs))).toContain("adds `merge_group`");
    },
  );

  it(
    "A16: where tests run elsewhere, each of those who reported on all that was merged is waited for",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "a16-elsewhere", rule("all: true"));
      const reported = (sha: string, ...apps: readonly string[]): void => {
        for (const app of apps) sim.checkRun({ repo, sha, name: `${app} says`, app });
      };
      for (const [head, author] of Object.entries({ one: "ada", two: "bob", three: "ada" })) {
        const merged = open(sim, repo, { head, author, files: { [`src/${head}.ts`]: "1\n" } });
        reported(merged.headSha, "dco", "circle");
        await turnsGreen(sim, repo, merged.headSha, patienceMs);
        sim.mergePull({ repo, number: merged.number, by: "bob" });
      }
      const some = open(sim, repo, { head: "some" });
      reported(some.headSha, "dco");
      const none = open(sim, repo, { head: "none" });
      reported(none.headSha, "labeler");
      await calm(gatehouse);
      expect(text(await waits(sim, repo, some.headSha, patienceMs))).toContain(
        "No check of circle is on this commit",
      );
      expect(text(await waits(sim, repo, none.headSha, patienceMs))).toContain(
        "No check of dco, circle is on this commit",
      );
      reported(some.headSha, "circle");
      reported(none.headSha, "circle", "dco");
      await turnsGreen(sim, repo, some.headSha, patienceMs);
      await turnsGreen(sim, repo, none.headSha, patienceMs);
    },
  );
});
