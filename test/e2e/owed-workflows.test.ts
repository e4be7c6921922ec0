import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patience } from "../support/patience.ts";
import { newRepo, open, turnsGreen, waits } from "./fault-world.ts";
import { calm, runGatehouse, type CheckRunSeen, type Gatehouse } from "./harness.ts";

/** What GitHub owes a commit, through the whole product. */
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

const patienceMs = 60_000;
const long = { timeout: 120_000 * patience };
const rule = (demand: string): string =>
  `version: 1\nrules:\n  - name: tests\n    require: { checks: { ${demand} } }\n`;
const text = (run: CheckRunSeen): string =>
  `${run.title ?? ""}\n${run.summary ?? ""}`.replaceAll("\\", "").replaceAll("\u2060", "");
const [ciFile, lintFile] = [".github/workflows/ci.yml", ".github/workflows/lint.yml"];
const onPulls = "on: pull_request\njobs: {}\n";

describe("what GitHub owes a commit", () => {
  it("a fork's author does not switch the base's tests off for his own change", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "kept-off", rule("all: true"));
    sim.app({ slug: "dco", id: 4711 });
    sim.user({ login: "mallory" });
    sim.commit({ repo, author: "bob", files: { [ciFile]: onPulls } });
    sim.fork({ repo, owner: "mallory" });
    const off = "on: workflow_dispatch\njobs: {}\n";
    const of = (head: string, files: Record<string, string>) => {
      const { headSha: sha } = sim.openPull({
        repo,
        author: "mallory",
        head,
        headRepo: "mallory/kept-off",
        files,
      });
      sim.checkRun({ repo, sha, name: "DCO", app: "dco", conclusion: "success" });
      return sha;
    };
    const [mixed, alone] = [
      of("mixed", { "src/a.ts": "evil\n", [ciFile]: off }),
      of("alone", { [ciFile]: off }),
    ];
    await calm(gatehouse);
    expect(text(await waits(sim, repo, mixed, patienceMs))).toContain("a pull request of its own");
    expect(text(await turnsGreen(sim, repo, alone, patienceMs))).toContain(
      `This change keeps ${ciFile} from running`,
    );
  });

  it(
    "a workflow that comes to the base later is a warning, also half an hour on",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "new-on-base", rule("all: true"));
      sim.commit({ repo, author: "bob", files: { [ciFile]: onPulls } });
      const { headSha: sha, number } = open(sim, repo);
      sim.workflowRun({ repo, sha, branch: "topic", jobs: ["unit"] });
      await calm(gatehouse);
      await turnsGreen(sim, repo, sha, patienceMs);
      const both = "on: [push, pull_request]\njobs: {}\n";
      const tip = sim.commit({ repo, author: "bob", files: { [lintFile]: both } });
      sim.workflowRun({
        repo,
        sha: tip.sha,
        branch: "main",
        event: "push",
        path: lintFile,
        name: "lint",
        jobs: ["lint"],
      });
      sim.comment({ repo, number, by: "ada", body: "/gate recheck" });
      await calm(gatehouse);
      const seen = await turnsGreen(sim, repo, sha, patienceMs);
      expect(text(seen)).toContain(`${lintFile} came to the base`);
      const later = open(sim, repo, { head: "later", files: { "src/b.ts": "1\n" } });
      sim.workflowRun({ repo, sha: later.headSha, branch: "later", jobs: ["unit"] });
      await calm(gatehouse);
      expect(text(await waits(sim, repo, later.headSha, patienceMs))).toContain(
        `No run of ${lintFile} has tested this commit`,
      );
    },
  );

  it("where nothing starts for a change, if_none: pass_without_ci lets it pass", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "owed-nothing", rule("all: true, if_none: pass_without_ci"));
    sim.commit({
      repo,
      author: "bob",
      files: {
        ".github/workflows/stale.yml": "on:\n  schedule:\n    - cron: '0 0 * * *'\njobs: {}\n",
        ".github/workflows/docs.yml": "on:\n  pull_request:\n    paths: ['docs/**']\njobs: {}\n",
      },
    });
    const code = open(sim, repo);
    const docs = open(sim, repo, { head: "docs", files: { "docs/a.md": "1\n" } });
    await calm(gatehouse);
    await turnsGreen(sim, repo, code.headSha, patienceMs);
    expect(text(await waits(sim, repo, docs.headSha, patienceMs))).toContain("docs.yml");
  });
});
