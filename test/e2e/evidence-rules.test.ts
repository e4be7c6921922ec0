import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lcov } from "../io/github/facts/evidence/evidence-world.ts";
import { newRepo, open, repositoryId, turnsGreen, turnsRed, waits } from "./fault-world.ts";
import {
  calm,
  gateSays,
  runGatehouse,
  until,
  type CheckRunSeen,
  type Gatehouse,
} from "./harness.ts";
import { listenToWire } from "./wire.ts";
import { patience } from "../support/patience.ts";

/** What the policy language says of evidence, line by line, through the whole product. */
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
const rule = (name: string, requirement: string, more = ""): string =>
  `version: 1\nrules:\n  - name: ${name}\n    require: { ${requirement} }\n${more}`;
const plain = (run: CheckRunSeen): string =>
  `${run.title ?? ""}\n${run.summary ?? ""}`.replaceAll("\\", "").replaceAll("\u2060", "");
const whole = lcov({ "src/a.ts": { 1: 1, 2: 1 } });
const half = lcov({ "src/a.ts": { 1: 1, 2: 0 } });
/** Asked about that repository; the one clock makes work of the others due, too. */
const isAbout = (repo: string, { path, body }: Gatehouse["sim"]["calls"][number]): boolean =>
  path === "/graphql"
    ? JSON.stringify(body).includes(`"name":"${repo.split("/")[1]}"`)
    : path.startsWith(`/repos/${repo}/`);
type Run = Parameters<Gatehouse["sim"]["workflowRun"]>[0];
const upload = (
  repo: string,
  sha: string,
  artifacts: NonNullable<Run["artifacts"]>,
  over: Partial<Run> = {},
) => gatehouse.sim.workflowRun({ repo, sha, jobs: ["unit"], artifacts, ...over });
const sarif = (count: number, level = "error"): string =>
  JSON.stringify({
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Semgrep OSS" } },
        results: Array.from({ length: count }, (_, index) => ({
          ruleId: `r${index}`,
          level,
          message: { text: `problem ${index}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: "src/a.ts" },
                region: { startLine: index + 1 },
              },
            },
          ],
        })),
      },
    ],
  });

describe("merge groups", () => {
  it(
    "T46: coverage is the group's own: a member's green report is none of it, and the group's own decides",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "queued-coverage", rule("covered", "coverage: { project: 80 }"));
      const { number, headSha } = open(sim, repo);
      upload(repo, headSha, { coverage: { "lcov.info": whole } });
      await turnsGreen(sim, repo, headSha, patienceMs);
      const group = sim.enqueuePull({ repo, number });
      const waiting = await waits(sim, repo, group.headSha, patienceMs);
      expect(plain(waiting)).toContain("has to run on merge_group as well");
      const measured = upload(
        repo,
        group.headSha,
        { coverage: { "lcov.info": half } },
        { event: "merge_group" },
      );
      expect((await turnsRed(sim, repo, group.headSha, patienceMs)).title).toBe(
        "Project coverage 50% < 80%",
      );
      // Its own re-run takes its place, and nothing else does (W12).
      sim.rerun({ repo, run: measured.id, by: "bob", status: "queued" });
      sim.artifact({ repo, run: measured.id, name: "coverage", files: { "lcov.info": whole } });
      sim.job({ repo, run: measured.id, name: "unit", conclusion: "success" });
      await turnsGreen(sim, repo, group.headSha, patienceMs);
    },
  );

  it("the patch and the drop of a group are its own as well", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(
      sim,
      "queued-patch",
      rule("covered", "coverage: { project: 0, patch: 80, max_drop: 5 }"),
    );
    const base = sim.commit({ repo, files: { "src/b.ts": "1\n" }, author: "bob" });
    upload(repo, base.sha, { coverage: { "lcov.info": whole } }, { event: "push", branch: "main" });
    const { number } = open(sim, repo, { files: { "src/a.ts": "1\n2\n3\n" } });
    const group = sim.enqueuePull({ repo, number });
    upload(
      repo,
      group.headSha,
      { coverage: { "lcov.info": lcov({ "src/a.ts": { 1: 1, 2: 1, 3: 0 } }) } },
      { event: "merge_group" },
    );
    const run = await turnsRed(sim, repo, group.headSha, patienceMs);
    expect(run.title).toBe(
      "Patch coverage 50% < 80%, project coverage drops by 33.34 points, more than 5 points",
    );
    expect(run.annotations).toEqual([expect.objectContaining({ path: "src/a.ts", start_line: 3 })]);
  });

  it(
    "T25: a scan of the pull request is none of its group; what was found there counts all the same",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(
        sim,
        "queued-scans",
        rule(
          "scans",
          "findings: { block: high, from: [artifacts, code-scanning], require_scan: [semgrep], kinds: [code] }",
        ),
      );
      sim.editRepo({ repo, private: true });
      const { number, headSha } = open(sim, repo);
      sim.codeScan({ repo, ref: `refs/pull/${number}/merge` });
      upload(repo, headSha, { semgrep: { "semgrep.sarif": sarif(0) } });
      await turnsGreen(sim, repo, headSha, patienceMs);
      const group = sim.enqueuePull({ repo, number });
      expect((await waits(sim, repo, group.headSha, patienceMs)).title).toContain("Not scanned");
      sim.codeScan({
        repo,
        ref: `refs/pull/${number}/merge`,
        findings: [{ rule: "js/late", path: "src/a.ts", line: 1, securitySeverity: "high" }],
      });
      upload(
        repo,
        group.headSha,
        { semgrep: { "semgrep.sarif": sarif(0) } },
        { event: "merge_group" },
      );
      expect((await turnsRed(sim, repo, group.headSha, patienceMs)).title).toContain(
        "1 high finding",
      );
    },
  );

  it("licences are those of what the group brings onto its branch", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "queued-licences", rule("licences", "licenses: { allow: [MIT] }"));
    const { number, headSha } = open(sim, repo);
    await turnsGreen(sim, repo, headSha, patienceMs);
    sim.dependencyChanges({ repo, head: headSha, changes: [] });
    const group = sim.enqueuePull({ repo, number });
    await turnsGreen(sim, repo, group.headSha, patienceMs);
  });
});

describe("coverage", () => {
  it("T23: a figure that nothing attests says so where everybody reads it", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "unattested", rule("covered", "coverage: { project: 50 }"));
    const { headSha } = open(sim, repo);
    upload(repo, headSha, { coverage: { "lcov.info": whole } });
    const text = plain(await turnsGreen(sim, repo, headSha, patienceMs));
    expect(text).toContain("project 100% (2 of 2), patch 100% (1 of 1), self-reported");
    expect(text).toContain("nothing attests this figure");
  });

  it(
    "T23: a reusable workflow that the policy trusts may be asked for, at its commit",
    long,
    async () => {
      const { sim } = gatehouse;
      const path = "acme/ci/.github/workflows/coverage.yml";
      const at = "c".repeat(40);
      const repo = newRepo(
        sim,
        "measured-by",
        rule("covered", `coverage: { project: 50, measured_by: ["${path}@${at}"] }`),
      );
      const { headSha } = open(sim, repo);
      upload(repo, headSha, { coverage: { "lcov.info": whole } });
      expect(
        (
          await gateSays(
            sim,
            repo,
            headSha,
            (run) => plain(run).includes("no reusable workflow"),
            patienceMs,
          )
        ).conclusion,
      ).toBeNull();
      // Another run takes nothing's place (W12): the caller is changed by a push.
      const next = open(sim, repo, { head: "calls-it" });
      upload(
        repo,
        next.headSha,
        { coverage: { "lcov.info": whole } },
        { referencedWorkflows: [{ path: `${path}@refs/heads/main`, sha: at }] },
      );
      expect(plain(await turnsGreen(sim, repo, next.headSha, patienceMs))).not.toContain(
        "self-reported",
      );
    },
  );

  it("several artifacts of one run add up; flags pick theirs", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(
      sim,
      "flagged",
      "version: 1\nrules:\n  - name: whole\n    require: { coverage: { project: 60 } }\n  - name: back\n    require: { coverage: { project: 90, flags: [backend] } }\n",
    );
    const { headSha } = open(sim, repo);
    upload(repo, headSha, {
      "coverage-backend": { "lcov.info": whole },
      "coverage-web": { "lcov.info": lcov({ "src/b.ts": { 1: 1, 2: 0 } }) },
      logs: { "lcov.info": lcov({ "src/c.ts": { 1: 0 } }) },
    });
    const text = plain(await turnsGreen(sim, repo, headSha, patienceMs));
    expect(text).toContain("75% (3 of 4)");
    expect(text).toContain("100% (2 of 2)");
  });

  it.each([
    [
      "a known service's check that says no figure",
      "No coverage information found on head",
      "success",
    ],
    ["one that was skipped", "60.00% (+1.00%) compared to 1234567", "skipped"],
  ] as const)("%s is not coverage", long, async (_title, title, conclusion) => {
    const { sim } = gatehouse;
    const repo = newRepo(
      sim,
      `service-${conclusion}`,
      rule("covered", "coverage: { project: 50, from: [check, status] }"),
    );
    const { headSha } = open(sim, repo);
    sim.checkRun({
      repo,
      sha: headSha,
      name: "codecov/project",
      app: "codecov",
      title,
      conclusion,
    });
    const run = await gateSays(
      sim,
      repo,
      headSha,
      (seen) => plain(seen).includes("codecov/project"),
      patienceMs,
    );
    expect(run.conclusion).toBeNull();
    sim.checkRun({
      repo,
      sha: headSha,
      name: "codecov/project",
      app: "codecov",
      title: "60.00% (+1.00%) compared to 1234567",
    });
    expect(plain(await turnsGreen(sim, repo, headSha, patienceMs))).toContain(
      "60%, as its service says",
    );
  });

  it("T1: another app under a service's name is not the service", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "service-forged", rule("covered", "coverage: { project: 50 }"));
    const { headSha } = open(sim, repo);
    sim.checkRun({
      repo,
      sha: headSha,
      name: "codecov/project",
      app: "mallory-ci",
      title: "99.00% (+1.00%) compared to 1234567",
    });
    expect(
      (await gateSays(sim, repo, headSha, (seen) => plain(seen).includes("own app"), patienceMs))
        .conclusion,
    ).toBeNull();
  });

  it("a report costs the gate few calls", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "frugal", rule("covered", "coverage: { project: 50, patch: 50 }"));
    const { headSha } = open(sim, repo, { files: { "src/a.ts": "1\n2\n" } });
    await waits(sim, repo, headSha, patienceMs);
    await calm(gatehouse);
    const before = sim.calls.length;
    upload(repo, headSha, { coverage: { "lcov.info": whole } });
    await turnsGreen(sim, repo, headSha, patienceMs);
    await calm(gatehouse);
    const made = sim.calls
      .slice(before)
      .filter((call) => !call.isToken && isAbout(repo, call))
      .map((call) => `${call.method} ${call.path.replace(/\d+/g, "N")}`);
    expect(new Set(made)).toEqual(
      new Set([
        "POST /graphql",
        `GET /repos/${repo}/actions/runs`,
        `GET /repos/${repo}/actions/runs/N/artifacts`,
        `GET /repos/${repo}/actions/artifacts/N/zip`,
        `GET /repos/${repo}/pulls/N/files`,
        `GET /repos/${repo}/pulls/N`,
        `PATCH /repos/${repo}/check-runs/N`,
      ]),
    );
    expect(made.length).toBeLessThanOrEqual(8);
  });
});

describe("findings", () => {
  it(
    "annotations go in batches of 50, the gravest first, and the rest is counted with a link",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "many", rule("scans", "findings: { block: high }"));
      const { headSha } = open(sim, repo);
      upload(repo, headSha, { semgrep: { "semgrep.sarif": sarif(173) } });
      const run = await gateSays(
        sim,
        repo,
        headSha,
        (seen) => seen.conclusion === "failure" && seen.annotations.length >= 100,
        patienceMs,
      );
      expect(run.annotations).toHaveLength(100);
      expect(run.summary).toMatch(
        /\[and 73 more \\\(73 high\\\)\]\(http[^)]+\/actions\/runs\/\d+\)/,
      );
    },
  );

  it(
    "a ticket is opened once the finding is on the default branch, once, and closed by itself",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(
        sim,
        "ticketed",
        rule(
          "scans",
          "findings: { block: critical, ticket: high, require_scan: none }",
          "tickets: { high: { assign: { users: [bob] }, within: 14d, labels: [security] } }\n",
        ),
      );
      const issues = () =>
        [...(sim.world.repos.get(repositoryId(sim, repo))?.issues.values() ?? [])].filter(
          (issue) => !issue.isPull,
        );
      const { headSha } = open(sim, repo);
      await turnsGreen(sim, repo, headSha, patienceMs);
      const { number } = sim.dependabotAlert({
        repo,
        package: "lodash",
        severity: "high",
        cve: "CVE-2025-1234",
      });
      await until("a ticket", issues, (found) => found.length === 1, patienceMs);
      sim.commit({ repo, files: { "src/other.ts": "1\n" }, author: "bob" });
      await calm(gatehouse);
      expect(issues()).toMatchObject([
        { state: "open", labels: [expect.objectContaining({ name: "security" })] },
      ]);
      sim.setDependabotAlert({ repo, number, state: "fixed" });
      await until("the ticket closed", issues, (found) => found[0]?.state === "closed", patienceMs);
      expect(issues()).toHaveLength(1);
    },
  );

  it(
    "F5: a finding that no event told of gets its ticket when the repository is compared with GitHub",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(
        sim,
        "ticketed-late",
        rule("scans", "findings: { block: critical, ticket: high, require_scan: none }"),
      );
      const issues = () =>
        [...(sim.world.repos.get(repositoryId(sim, repo))?.issues.values() ?? [])].filter(
          (issue) => !issue.isPull,
        );
      await calm(gatehouse);
      sim.webhook({ url: null });
      sim.dependabotAlert({ repo, package: "lodash", severity: "high", cve: "CVE-2025-1234" });
      await gatehouse.restart();
      await until("a ticket", issues, (found) => found.length === 1, patienceMs);
    },
  );

  it(
    "an expired waiver counts for nothing and is named; one in force is listed",
    long,
    async () => {
      const { sim } = gatehouse;
      const waiver = (until: string): string =>
        `waivers:\n  - { finding: CVE-2025-1234, package: "pkg:npm/lodash@4.17.20", until: ${until}, owner: octocat, reason: not reachable }\n`;
      const judged = (
        name: string,
        until: string,
      ): { readonly repo: string; readonly headSha: string } => {
        const repo = newRepo(
          sim,
          name,
          rule("scans", "findings: { from: [artifacts] }", waiver(until)),
        );
        const { headSha } = open(sim, repo);
        const report = {
          SchemaVersion: 2,
          ArtifactName: ".",
          Results: [
            {
              Target: "package-lock.json",
              Class: "lang-pkgs",
              Type: "npm",
              Vulnerabilities: [
                {
                  VulnerabilityID: "CVE-2025-1234",
                  PkgName: "lodash",
                  InstalledVersion: "4.17.20",
                  PkgIdentifier: { PURL: "pkg:npm/lodash@4.17.20" },
                  Severity: "CRITICAL",
                  Title: "bad",
                },
              ],
            },
          ],
        };
        upload(repo, headSha, { trivy: { "trivy.json": JSON.stringify(report) } });
        return { repo, headSha };
      };
      const waived = judged("waived", "2099-01-31");
      const late = judged("waived-late", "2020-01-31");
      expect(plain(await turnsGreen(sim, waived.repo, waived.headSha, patienceMs))).toContain(
        "accepted by octocat through 2099-01-31",
      );
      expect(plain(await turnsRed(sim, late.repo, late.headSha, patienceMs))).toContain(
        "the waiver of octocat ended on 2020-01-31 (UTC) and counts for nothing",
      );
    },
  );

  it(
    "F13: a permission that is taken away makes a source unknown, and unknown waits",
    long,
    async () => {
      const { sim } = gatehouse;
      const repo = newRepo(sim, "unreadable", rule("scans", "findings: { require_scan: none }"));
      sim.fault({
        match: { path: new RegExp(`^/repos/${repo}/dependabot`) },
        status: 403,
        body: { message: "Resource not accessible by integration" },
      });
      const { headSha } = open(sim, repo);
      const run = await waits(sim, repo, headSha, patienceMs);
      expect(plain(run)).toContain("unknown");
      expect(run.conclusion).toBeNull();
    },
  );

  it.each([
    ["fail", "failure"],
    ["warn", "success"],
  ])("a licence that nobody knows: %s", long, async (unknown, conclusion) => {
    const { sim } = gatehouse;
    const repo = newRepo(
      sim,
      `unknown-licence-${unknown}`,
      rule("licences", `licenses: { allow: [MIT], unknown: ${unknown} }`),
    );
    const { sha } = sim.commit({
      repo,
      branch: "topic",
      parent: "main",
      files: { "package-lock.json": "x" },
      author: "ada",
    });
    sim.dependencyChanges({
      repo,
      head: sha,
      changes: [{ name: "left", version: "1.0.0", license: null }],
    });
    const { headSha } = sim.openPull({ repo, author: "ada", head: "topic" });
    expect(
      plain(await gateSays(sim, repo, headSha, (run) => run.conclusion === conclusion, patienceMs)),
    ).toContain("left");
  });
});

describe("tests", () => {
  it("a red report fails on its line, a cut-off one holds, a green one passes", long, async () => {
    const { sim } = gatehouse;
    const repo = newRepo(sim, "tested", rule("tested", "tests: { min: 2 }"));
    const { headSha } = open(sim, repo);
    const cases = (inside: string): string =>
      `<testsuites><testsuite name="s"><testcase name="adds" classname="Cart"/>${inside}</testsuite></testsuites>`;
    const red = cases(
      '<testcase name="removes" classname="Cart" file="src/a.ts" line="1"><failure message="no"/></testcase>',
    );
    const run = upload(repo, headSha, { "junit-unit": { "out/report.xml": red } });
    const failing = await turnsRed(sim, repo, headSha, patienceMs);
    expect(failing.title).toBe('1 test failed: "Cart.removes"');
    expect(failing.annotations).toEqual([
      expect.objectContaining({ path: "src/a.ts", start_line: 1 }),
    ]);
    const again = (files: Record<string, string>): void => {
      sim.rerun({ repo, run: run.id, by: "bob", status: "queued" });
      sim.artifact({ repo, run: run.id, name: "junit-unit", files });
      sim.job({ repo, run: run.id, name: "unit", conclusion: "success" });
    };
    again({ "report.xml": red.slice(0, 60) });
    const waiting = await gateSays(
      sim,
      repo,
      headSha,
      (seen) => seen.status === "in_progress" && /cannot be read/.test(seen.title ?? ""),
      patienceMs,
    );
    expect(plain(waiting)).toContain("broken or cut off");
    again({ "report.xml": cases('<testcase name="removes" classname="Cart"/>') });
    await turnsGreen(sim, repo, headSha, patienceMs);
  });
});
