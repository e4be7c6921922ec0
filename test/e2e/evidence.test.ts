import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lcov } from "../io/github/facts/evidence/evidence-world.ts";
import { newRepo, open, turnsGreen, turnsRed, waits } from "./fault-world.ts";
import { gateSays, runGatehouse, type CheckRunSeen, type Gatehouse } from "./harness.ts";
import { listenToWire } from "./wire.ts";
import { patience } from "../support/patience.ts";

/** Through the whole product: pull requests of the simulated GitHub with reports as artifacts. */
const wire = listenToWire();
let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true, simulator: { onExchange: wire.onExchange } });
});
afterAll(async () => {
  await gatehouse.stop();
  expect(wire.problems()).toEqual([]);
});

const patienceMs = 60_000;
const rule = (name: string, requirement: string): string =>
  `version: 1\nrules:\n  - name: ${name}\n    require: { ${requirement} }\n`;
const plain = (run: CheckRunSeen): string =>
  `${run.title ?? ""}\n${run.summary ?? ""}`.replaceAll("\\", "").replaceAll("\u2060", "");
const upload = (
  repo: string,
  sha: string,
  artifacts: Record<string, Record<string, string>>,
): void => {
  gatehouse.sim.workflowRun({ repo, sha, jobs: ["unit"], artifacts });
};

describe("coverage", () => {
  it(
    "a change whose lines no test runs is denied, and its lines are annotated; a test turns it",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const own = newRepo(sim, "patched", rule("covered", "coverage: { project: 0, patch: 80 }"));
      const first = open(sim, own, { files: { "src/a.ts": "1\n2\n3\n4\n5\n" } });
      expect((await waits(sim, own, first.headSha)).title).toBe(
        "No coverage report of this commit",
      );
      upload(own, first.headSha, {
        coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 1, 3: 0, 4: 0, 5: 1 } }) },
      });
      const red = await turnsRed(sim, own, first.headSha, patienceMs);
      expect(red.title).toBe("Patch coverage 50% < 80%");
      expect(red.annotations).toEqual([
        expect.objectContaining({
          path: "src/a.ts",
          start_line: 3,
          end_line: 4,
          annotation_level: "warning",
        }),
      ]);
      const { sha } = sim.commit({
        repo: own,
        branch: "topic",
        files: { "test/a.test.ts": "1\n" },
        author: "ada",
      });
      upload(own, sha, {
        coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 } }) },
      });
      await turnsGreen(sim, own, sha, patienceMs);
    },
  );

  it("T22: a fork's artifact never counts", { timeout: 120_000 * patience }, async () => {
    const { sim } = gatehouse;
    const own = newRepo(sim, "forked", rule("covered", "coverage: { project: 50 }"));
    const { headSha } = open(sim, own);
    sim.workflowRun({
      repo: own,
      sha: headSha,
      headRepo: sim.fork({ repo: own, owner: "mallory" }).name,
      jobs: ["unit"],
      artifacts: { coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1 } }) } },
    });
    const run = await gateSays(
      sim,
      own,
      headSha,
      (seen) => plain(seen).includes("fork"),
      patienceMs,
    );
    expect(run).toMatchObject({ status: "in_progress", conclusion: null });
  });

  it(
    "T24: an empty report is a failure, not full coverage",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const own = newRepo(sim, "hollow", rule("covered", "coverage: { project: 0 }"));
      const { headSha } = open(sim, own);
      upload(own, headSha, { coverage: { "lcov.info": "" } });
      expect((await turnsRed(sim, own, headSha, patienceMs)).title).toMatch(
        /^Coverage was not measured: .*empty/,
      );
    },
  );

  it(
    "a drop against the base is measured from what the base branch's own run reported",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const own = newRepo(
        sim,
        "dropping",
        rule("covered", "coverage: { project: 0, max_drop: 5 }"),
      );
      const base = sim.commit({ repo: own, files: { "src/b.ts": "1\n" }, author: "bob" });
      sim.workflowRun({
        repo: own,
        sha: base.sha,
        event: "push",
        branch: "main",
        jobs: ["unit"],
        artifacts: { coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 1 } }) } },
      });
      const { headSha } = open(sim, own);
      upload(own, headSha, { coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 0 } }) } });
      expect((await turnsRed(sim, own, headSha, patienceMs)).title).toBe(
        "Project coverage drops by 50 points, more than 5 points",
      );
    },
  );
});

describe("findings", () => {
  it(
    "T25: no alert is not a scan; a dependency review that finds nothing is one",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const own = newRepo(sim, "unscanned", rule("scans", "findings: { kinds: [code] }"));
      const any = newRepo(sim, "reviewed-dependencies", rule("scans", "findings: {}"));
      const first = open(sim, own);
      expect((await waits(sim, own, first.headSha, patienceMs)).title).toBe(
        "Not scanned: a scan of this commit",
      );
      const second = open(sim, any);
      await turnsGreen(sim, any, second.headSha, patienceMs);
      sim.codeScan({ repo: own, ref: `refs/pull/${first.number}/merge` });
      sim.checkRun({
        repo: own,
        sha: first.headSha,
        name: "CodeQL",
        app: "github-advanced-security",
      });
      await turnsGreen(sim, own, first.headSha, patienceMs);
    },
  );

  it(
    "T26: the author's dismissal of an alert changes nothing, another person's does",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const own = newRepo(sim, "dismissing", rule("scans", "findings: {}"));
      sim.editRepo({ repo: own, private: true });
      const { number, headSha } = open(sim, own);
      const { alerts } = sim.codeScan({
        repo: own,
        ref: `refs/pull/${number}/merge`,
        findings: [{ rule: "js/sqli", path: "src/a.ts", line: 1, securitySeverity: "critical" }],
      });
      const red = await turnsRed(sim, own, headSha, patienceMs);
      expect(red.annotations).toEqual([
        expect.objectContaining({ path: "src/a.ts", start_line: 1, annotation_level: "failure" }),
      ]);
      sim.dismissCodeAlert({ repo: own, number: alerts[0] ?? 0, by: "ada" });
      await gateSays(
        sim,
        own,
        headSha,
        (run) => plain(run).includes("who has a part in this change"),
        patienceMs,
      );
      sim.dismissCodeAlert({ repo: own, number: alerts[0] ?? 0, by: "bob" });
      expect(plain(await turnsGreen(sim, own, headSha, patienceMs))).toContain("dismissed by @bob");
    },
  );

  it(
    "T27: a scan job that was skipped proves nothing",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const own = newRepo(sim, "skipping", rule("scans", "findings: { from: [artifacts] }"));
      const { headSha } = open(sim, own);
      sim.workflowRun({ repo: own, sha: headSha, jobs: [{ name: "scan", conclusion: "skipped" }] });
      expect((await waits(sim, own, headSha, patienceMs)).conclusion).toBeNull();
    },
  );

  it(
    "T51: on a public repository everybody sees how many, and nobody what and where",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const own = newRepo(sim, "open-source", rule("scans", "findings: {}"));
      sim.editRepo({ repo: own, private: false });
      const { number, headSha } = open(sim, own, { files: { "src/hidden-place.ts": "1\n" } });
      sim.secretAlert({
        repo: own,
        type: "hidden_secret_type",
        secret: "hidden-value",
        locations: [{ path: "src/hidden-place.ts", sha: headSha }],
      });
      sim.codeScan({
        repo: own,
        ref: `refs/pull/${number}/merge`,
        findings: [
          { rule: "js/hidden-rule", path: "src/hidden-place.ts", securitySeverity: "critical" },
        ],
      });
      const run = await gateSays(
        sim,
        own,
        headSha,
        (seen) => (seen.title ?? "").startsWith("2 critical"),
        patienceMs,
      );
      expect(run.conclusion).toBe("failure");
      expect(JSON.stringify(run)).not.toMatch(/hidden/);
    },
  );

  it(
    "licences of added dependencies come from GitHub's comparison",
    { timeout: 120_000 * patience },
    async () => {
      const { sim } = gatehouse;
      const own = newRepo(sim, "licensed", rule("licences", "licenses: { allow: [MIT] }"));
      const judged = (head: string, license: string): { readonly headSha: string } => {
        const { sha } = sim.commit({
          repo: own,
          branch: head,
          parent: "main",
          files: { "package-lock.json": head },
          author: "ada",
        });
        sim.dependencyChanges({
          repo: own,
          head: sha,
          changes: [{ name: "left", version: "1.0.0", license }],
        });
        return sim.openPull({ repo: own, author: "ada", head });
      };
      await turnsGreen(sim, own, judged("good", "MIT").headSha, patienceMs);
      const red = await turnsRed(sim, own, judged("bad", "SSPL-1.0").headSha, patienceMs);
      expect(red.title).toBe("Licence of left: SSPL-1.0 is not on the list of allowed licences");
      expect(red.annotations).toEqual([
        expect.objectContaining({ path: "package-lock.json", title: "Licence of left" }),
      ]);
    },
  );
});
