import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lcov } from "../io/github/facts/evidence/evidence-world.ts";
import { newRepo, open, turnsGreen, turnsRed, waits } from "./fault-world.ts";
import { gateSays, runGatehouse, until, type CheckRunSeen, type Gatehouse } from "./harness.ts";
import { rowsIn } from "./rows-in.ts";
import { listenToWire } from "./wire.ts";
import { patience } from "../support/patience.ts";

/** Reports, scans and owners as others write them, through the whole product. */
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
const long = { timeout: 120_000 * patience };
const rule = (requirement: string): string =>
  `version: 1\nrules:\n  - name: rule\n    require: { ${requirement} }\n`;
const plain = (run: CheckRunSeen): string =>
  `${run.title ?? ""}\n${run.summary ?? ""}`.replaceAll("\\", "").replaceAll("\u2060", "");
const upload = (
  repo: string,
  sha: string,
  artifacts: NonNullable<Parameters<Gatehouse["sim"]["workflowRun"]>[0]["artifacts"]>,
  over: Partial<Parameters<Gatehouse["sim"]["workflowRun"]>[0]> = {},
) => gatehouse.sim.workflowRun({ repo, sha, jobs: ["unit"], artifacts, ...over });
const covered = (file: string, lines: number, of: number): { "lcov.info": string } => ({
  "lcov.info": lcov({
    [file]: Object.fromEntries(Array.from({ length: of }, (_, i) => [i + 1, i < lines ? 1 : 0])),
  }),
});

describe.concurrent("coverage", () => {
  it(
    "W37: a Cobertura report of several source roots that lost rows holds; gcovr's JaCoCo decides",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "dialects", rule("coverage: { project: 80 }"));
      const { headSha } = open(sim, repo);
      const rows = (hits: number): string =>
        `<class filename="__init__.py"><lines><line number="1" hits="${hits}"/><line number="2" hits="${hits}"/></lines></class>`;
      const lost = `<coverage line-rate="0.5" lines-covered="2" lines-valid="4"><sources><source>/w/web</source><source>/w/api</source></sources><packages><package name="p"><classes>${rows(1)}${rows(0)}</classes></package></packages></coverage>`;
      upload(repo, headSha, { coverage: { "coverage.xml": lost } });
      const red = await turnsRed(sim, repo, headSha, patienceMs);
      expect(plain(red)).toContain("<source> roots");
      const gcovr =
        '<report><package name="src"><class name="main_c" sourcefilename="/w/src/main.c"><lines><line nr="1"/><line nr="2"/></lines><counter type="LINE" missed="1" covered="9"/></class></package></report>';
      // What one run of a commit measured, another run of it does not take back: the next commit is measured anew.
      const next = sim.commit({
        repo,
        branch: "topic",
        files: { "src/c.ts": "3\n" },
        author: "ada",
      });
      upload(repo, next.sha, { coverage: { "jacoco.xml": gcovr } });
      const green = await turnsGreen(sim, repo, next.sha, patienceMs);
      expect(plain(green)).toContain("90% (9 of 10)");
    },
  );

  it("W41: a report that the base has and the head lacks is waited for", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "alike", rule("coverage: { project: 50, max_drop: 1 }"));
    const base = sim.commit({ repo, files: { "src/b.ts": "1\n" }, author: "bob" });
    const both = {
      "coverage-web": covered("web.ts", 95, 100),
      "coverage-api": covered("api.ts", 60, 100),
    };
    upload(repo, base.sha, both, { event: "push", branch: "main" });
    const { headSha } = open(sim, repo);
    upload(repo, headSha, { "coverage-web": covered("web.ts", 95, 100) });
    const waiting = await waits(sim, repo, headSha, patienceMs);
    expect(plain(waiting)).toContain("aiting for the report coverage-api, which the base has");
    upload(repo, headSha, { ...both, "coverage-new": covered("new.ts", 10, 100) });
    const green = await turnsGreen(sim, repo, headSha, patienceMs);
    expect(plain(green)).toContain("against 77.5% without coverage-new, which the base has not");
    upload(repo, headSha, {
      ...both,
      "coverage-web": covered("web.ts", 80, 100),
      "coverage-new": covered("new.ts", 100, 100),
    });
    const red = await turnsRed(sim, repo, headSha, patienceMs);
    expect(red.title).toContain("drops by 7.5 points");
  });
});

describe.concurrent("findings", () => {
  it(
    "W38: a scan is proved by a report that names its tool, and a cut-off one leaves a trace",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "proof", rule("findings: { from: [artifacts] }"));
      const { headSha } = open(sim, repo);
      const run = { path: ".github/workflows/scan.yml", name: "Scan" };
      upload(
        repo,
        headSha,
        {
          build: {
            "a.json": '{"results":[]}',
            "b.json": '{"dependencies":[]}',
            "c.json": '{"issues":[],"errors":[]}',
            "d.json": '[{"filePath":"a.js","messages":[]}]',
            "e.json": '{"matches":[],"descriptor":{"name":"another"},"source":{}}',
          },
        },
        run,
      );
      expect(plain(await waits(sim, repo, headSha, patienceMs))).toContain("not scanned");
      upload(repo, headSha, { audit: { "safety-report.json": '{"report_meta":{"safety_' } }, run);
      const isCut = (seen: CheckRunSeen): boolean =>
        plain(seen).includes("safety-report.json: it is cut off");
      await gateSays(sim, repo, headSha, isCut, patienceMs);
      const next = sim.commit({
        repo,
        branch: "topic",
        files: { "src/c.ts": "3\n" },
        author: "ada",
      });
      upload(repo, next.sha, { "osv-results": { "results.json": '{"results":[]}' } }, run);
      expect(plain(await turnsGreen(sim, repo, next.sha, patienceMs))).toContain(
        "scanned by osv-scanner",
      );
    },
  );

  it(
    "W38: a report that says that it failed, or counts more than it lists, is unknown",
    long,
    async () => {
      const { sim } = gatehouse;
      const reports = {
        semgrep:
          '{"results":[],"errors":[{"code":7,"level":"error","message":"invalid configuration"}],"paths":{"scanned":[]},"version":"1.50.0"}',
        "yarn-audit": '{"type":"auditSummary","data":{"vulnerabilities":{"high":2,"critical":3}}}',
      };
      for (const [tool, text] of Object.entries(reports)) {
        const repo = newRepo(sim, `doubt-${tool}`, rule(`findings: { require_scan: [${tool}] }`));
        const { headSha } = open(sim, repo);
        upload(repo, headSha, { [`${tool}-report`]: { [`${tool}.json`]: text } });
        const doubted = (seen: CheckRunSeen): boolean =>
          /invalid configuration|counts 3 critical and lists 0/.test(plain(seen));
        const seen = await gateSays(sim, repo, headSha, doubted, patienceMs);
        expect(seen.status).toBe("in_progress");
      }
    },
  );

  it("W38: a wrong ruleIndex lends no severity", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "rule-index", rule("findings: { from: [artifacts] }"));
    const { headSha } = open(sim, repo);
    const scored = (id: string, score: string): unknown => ({
      id,
      properties: { "security-severity": score },
    });
    const sarif = JSON.stringify({
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: { name: "CodeQL", rules: [scored("bad", "9.8"), scored("fine", "1.0")] },
          },
          results: [{ ruleId: "bad", ruleIndex: 1, message: { text: "m" } }],
        },
      ],
    });
    upload(repo, headSha, { sarif: { "codeql.sarif": sarif } });
    expect((await turnsRed(sim, repo, headSha, patienceMs)).title).toContain("1 critical finding");
  });

  it("W42: a dependency that the base has in the same version is not new", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(
      sim,
      "not-new",
      rule("findings: { new_only: true, from: [dependency-review] }"),
    );
    const adds = (head: string, version: string): void =>
      sim.dependencyChanges({
        repo,
        head,
        changes: [
          {
            name: "lodash",
            version,
            manifest: "packages/b/package-lock.json",
            vulnerabilities: [
              {
                severity: "critical",
                advisory_ghsa_id: "GHSA-aaaa-bbbb-cccc",
                advisory_summary: "bad",
                advisory_url: "https://x.example/1",
              },
            ],
          },
        ],
      });
    sim.packages({ repo, packages: [{ name: "lodash", version: "4.17.20" }] });
    const commit = (head: string): string =>
      sim.commit({
        repo,
        branch: head,
        parent: "main",
        files: { [`${head}.txt`]: "1\n" },
        author: "ada",
      }).sha;
    const [same, other] = [commit("same"), commit("other")];
    adds(same, "4.17.20");
    adds(other, "4.17.19");
    sim.openPull({ repo, author: "ada", head: "same" });
    sim.openPull({ repo, author: "ada", head: "other" });
    await turnsGreen(sim, repo, same, patienceMs);
    await turnsRed(sim, repo, other, patienceMs);
  });
});

describe.concurrent("owners", () => {
  it("W44: the good owners of a line stay, and the bad one is a warning", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "owners", rule("reviews: { approvals: 1, code_owners: true }"));
    sim.commit({
      repo,
      files: { ".github/CODEOWNERS": "* @ada\n/src/ @bob @chris@colin\n" },
      author: "bob",
    });
    const { number, headSha } = open(sim, repo);
    const waiting = plain(await waits(sim, repo, headSha, patienceMs));
    expect(waiting).toContain('"@chris@colin" is no owner');
    expect(waiting).toContain("bob");
    sim.review({ repo, number, by: "bob", state: "approve" });
    await turnsGreen(sim, repo, headSha, patienceMs);
  });
});

describe("check runs for reports", () => {
  it("are kept once they ended, where a rule listens to them", long, async () => {
    const { sim, settings } = gatehouse;
    const repo = newRepo(sim, "measured", rule("checks: { names: [unit] }"));
    const { headSha } = open(sim, repo);
    sim.workflowRun({ repo, sha: headSha, jobs: ["unit", "lint"] });
    await turnsGreen(sim, repo, headSha, patienceMs);
    const kept = await until(
      "the check run in the measurements",
      () =>
        rowsIn<{ detail: string }>(
          settings.databaseUrl,
          "select detail from measurements where kind = 'check' and repository = ?",
          sim.world.repoNames.get(repo) ?? 0,
        ),
      (rows) => rows.length > 0,
      patienceMs,
    );
    expect(kept.map(({ detail }) => JSON.parse(detail) as unknown)).toEqual([
      expect.objectContaining({ name: "unit", failed: 0 }),
    ]);
  });
});
