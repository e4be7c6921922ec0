import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  baseFindings,
  scanArtifacts,
  scanSources,
  addedLicenses,
  type ScanSourceFact,
} from "#core/facts/findings.ts";
import type { FindingSource } from "#core/formats/findings/finding.ts";
import { packageKey } from "#core/formats/findings/same-finding.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { valueOf } from "../simulated.ts";
import { writeZip } from "../zip-writer.ts";
import { evidenceWorld, repo, type EvidenceWorld } from "./evidence-world.ts";

let world: EvidenceWorld;
beforeEach(async () => {
  world = await evidenceWorld();
});
afterEach(() => world.stop());

const read = async (source: FindingSource): Promise<ScanSourceFact> =>
  valueOf(await world.fact(scanSources[source].need()));
const merge = (): string => `refs/pull/${world.number}/merge`;
const sarif = (results: readonly unknown[], name = "Semgrep OSS"): string =>
  JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver: { name } }, results }] });
const sarifResult = (ruleId: string, line: number): unknown => ({
  ruleId,
  level: "error",
  message: { text: ruleId },
  locations: [
    { physicalLocation: { artifactLocation: { uri: "src/a.ts" }, region: { startLine: line } } },
  ],
});
const run = (
  artifacts: Parameters<EvidenceWorld["sim"]["workflowRun"]>[0]["artifacts"],
  sha = world.headSha,
): ReturnType<EvidenceWorld["sim"]["workflowRun"]> =>
  world.sim.workflowRun({
    repo,
    sha,
    path: ".github/workflows/scan.yml",
    name: "Scan",
    jobs: ["scan"],
    ...(artifacts === undefined ? {} : { artifacts }),
  });

const parentsOf = (sha: string): readonly string[] => {
  const parent = world.sim.world.git.commits.get(sha)?.parents[0];
  return parent === undefined ? [sha] : [sha, ...parentsOf(parent)];
};

describe("code scanning", () => {
  it("tells the alerts of the pull request and that this commit was analysed as its test merge", async () => {
    world.sim.codeScan({
      repo,
      ref: merge(),
      findings: [{ rule: "js/sqli", path: "src/a.ts", line: 3, securitySeverity: "critical" }],
    });
    expect(await read("code-scanning")).toMatchObject({
      state: "on",
      scans: [{ tool: "codeql", kinds: ["code"] }],
      findings: [
        {
          rule: "js/sqli",
          severity: "critical",
          path: "src/a.ts",
          startLine: 3,
          suppressed: false,
        },
      ],
      link: expect.stringContaining("/security/code-scanning?query=pr%3A"),
    });
  });
  it("an analysis of the head that was made on push counts as well", async () => {
    world.sim.codeScan({ repo, ref: "refs/heads/main" });
    world.sim.codeScan({ repo, ref: "refs/pull/999/merge", sha: world.baseSha });
    world.sim.codeScan({ repo, ref: `refs/heads/${await headRef()}`, sha: world.headSha });
    expect((await read("code-scanning")).scans).toMatchObject([
      { tool: "codeql", kinds: ["code"] },
    ]);
  });
  const sqli = {
    rule: "js/sqli",
    path: "src/a.ts",
    line: 3,
    securitySeverity: "critical",
  } as const;
  const codeql = ".github/workflows/codeql.yml";
  const lostOf = async (): Promise<readonly string[]> =>
    ((await read("code-scanning")).lost ?? []).map(({ what, remedy }) => `${what}. ${remedy}`);
  it("A12: an analysis that was read and is deleted is missed until its workflow has analysed the commit again", async () => {
    const { sim } = world;
    const scanned = { repo, ref: merge(), findings: [sqli], workflow: codeql };
    const first = sim.codeScan(scanned).analysis;
    expect(await read("code-scanning")).toMatchObject({ findings: [{}], unreadable: [] });
    expect(await lostOf()).toEqual([]);
    sim.deleteAnalysis({ repo, analysis: first });
    const lost = [
      expect.stringMatching(
        /with 1 result, and that analysis has been deleted since\. .* runs \S+codeql\.yml on this commit again\.$/u,
      ),
    ];
    expect(await lostOf()).toEqual(lost);
    sim.codeScan({ ...scanned, findings: [], workflow: ".github/workflows/evil.yml" });
    expect(await lostOf()).toEqual(lost);
    sim.codeScan({ ...scanned, tool: "Semgrep OSS" });
    expect(await lostOf()).toEqual(lost);
    sim.codeScan({ ...scanned, findings: [] });
    expect(await lostOf()).toEqual([]);
  });
  it("A12: what an analysis found is missed where code scanning is switched off since", async () => {
    world.sim.codeScan({ repo, ref: merge(), findings: [sqli] });
    await read("code-scanning");
    world.sim.scanning({ repo, codeScanning: false });
    expect(await lostOf()).toEqual([expect.stringContaining("switched off since")]);
  });
  it("A12: of the same commit an analysis by another workflow that found less mends nothing", async () => {
    const { sim } = world;
    const scanned = { repo, ref: merge(), workflow: codeql };
    sim.codeScan({ ...scanned, findings: [sqli] });
    const evil = { ...scanned, workflow: ".github/workflows/evil.yml" };
    sim.codeScan(evil);
    expect(await read("code-scanning")).toMatchObject({
      findings: [],
      scans: [{ workflows: [codeql, ".github/workflows/evil.yml"] }],
    });
    const lost = [
      expect.stringMatching(/with 1 result, and later by \S+evil\.yml with 0\. .*codeql\.yml/u),
    ];
    expect(await lostOf()).toEqual(lost);
    sim.codeScan({ ...scanned, category: "other" });
    expect(await lostOf()).toEqual(lost);
    sim.codeScan({ ...scanned, findings: [sqli] });
    expect(await lostOf()).toEqual([]);
    sim.codeScan(evil);
    expect(await lostOf()).toEqual(lost);
  });
  it("A12: its own workflow may find less in the same commit, unless the pull request changes that workflow", async () => {
    const { sim } = world;
    const two = [sqli, { ...sqli, rule: "js/xss" }];
    sim.codeScan({ repo, ref: merge(), workflow: codeql, findings: two });
    sim.codeScan({ repo, ref: merge(), workflow: codeql, findings: [sqli] });
    expect(await lostOf()).toEqual([]);
    sim.commit({
      repo,
      branch: await headRef(),
      files: { [codeql]: "on: push\n" },
      author: "alice",
    });
    sim.codeScan({ repo, ref: merge(), workflow: codeql, findings: two });
    sim.codeScan({ repo, ref: merge(), workflow: codeql, findings: [sqli] });
    expect(await lostOf()).toEqual([
      expect.stringMatching(
        /with 2 results, and later by that workflow.* in a pull request of its own\.$/u,
      ),
    ]);
  });
  it("T25: an analysis of an older head is none of this commit", async () => {
    world.sim.codeScan({ repo, ref: merge() });
    world.sim.commit({
      repo,
      branch: await headRef(),
      files: { "src/a.ts": "again\n" },
      author: "alice",
    });
    expect(await read("code-scanning")).toMatchObject({
      awaited: [{ tool: "codeql", kinds: ["code"] }],
      scans: [],
      note: "no analysis of exactly this commit",
    });
  });
  describe("a scanner that analysed an earlier head", () => {
    const trivy = ".github/workflows/trivy.yml";
    const again = async (files: Record<string, string> = { "src/a.ts": "again\n" }) => {
      world.sim.codeScan({ repo, ref: merge(), tool: "Trivy", category: "t", workflow: trivy });
      const next = world.sim.commit({
        repo,
        branch: await headRef(),
        files,
        author: "alice",
      });
      world.sim.codeScan({ repo, ref: merge() });
      return next.sha;
    };
    const awaited = async () => (await read("code-scanning")).awaited;
    const ended = [{ tool: "trivy", kinds: ["dependency"], until: expect.any(Number) }];
    const owed = [{ tool: "trivy", kinds: ["dependency"] }];

    it("is waited for half an hour where nothing of it has begun on this one", async () => {
      await again();
      const [first] = (await awaited()) ?? [];
      expect(first).toEqual(ended[0]);
      world.sim.advance(60_000);
      expect((await awaited())?.[0]).toEqual(first);
    });
    it("is owed once its workflow has begun, and where it failed", async () => {
      const sha = await again();
      world.sim.workflowRun({
        repo,
        sha,
        path: trivy,
        jobs: [{ name: "scan", conclusion: "failure" }],
      });
      expect(await awaited()).toEqual(owed);
    });
    it("is owed where the change edits its workflow", async () => {
      await again({ [trivy]: "on: workflow_dispatch\njobs: {}\n" });
      expect(await awaited()).toEqual(owed);
    });
  });
  it("T25: one that failed is none", async () => {
    world.sim.codeScan({ repo, ref: merge(), error: "timed out" });
    expect(await read("code-scanning")).toMatchObject({
      scans: [],
      failed: [{ tool: "codeql", reason: "timed out" }],
    });
  });
  it("T26: who dismissed an alert, and when, is told", async () => {
    const { alerts } = world.sim.codeScan({
      repo,
      ref: merge(),
      findings: [{ rule: "js/sqli", path: "src/a.ts", securitySeverity: "critical" }],
    });
    world.sim.dismissCodeAlert({ repo, number: alerts[0] ?? 0, by: "alice", reason: "won't fix" });
    const fact = await read("code-scanning");
    const [finding] = fact.findings;
    expect(finding).toMatchObject({
      suppressed: true,
      suppression: { kind: "dismissed", by: { login: "alice" } },
    });
    expect(fact.dismissedAt[finding?.fingerprint ?? ""]).toBeGreaterThan(0);
  });
  it("fixed alerts are of no interest", async () => {
    world.sim.codeScan({
      repo,
      ref: merge(),
      findings: [{ rule: "js/sqli", path: "src/a.ts", securitySeverity: "critical" }],
    });
    world.sim.codeScan({ repo, ref: merge() });
    expect((await read("code-scanning")).findings).toEqual([]);
  });
  it("of a deployment is its branch's, and counts for the very commit only", async () => {
    world.sim.codeScan({
      repo,
      findings: [{ rule: "js/sqli", path: "src/a.ts", securitySeverity: "critical" }],
    });
    const at = async (sha: string): Promise<ScanSourceFact> =>
      valueOf(await world.fact(scanSources["code-scanning"].need(), deployment(sha)));
    expect(await at(world.baseSha)).toMatchObject({
      scans: [{ tool: "codeql" }],
      findings: [{ rule: "js/sqli" }],
    });
    expect(await at(world.headSha)).toMatchObject({ scans: [], findings: [{ rule: "js/sqli" }] });
  });
  it("of a deployment by tag is the default branch's, for nothing analyses a tag", async () => {
    world.sim.codeScan({
      repo,
      findings: [{ rule: "js/sqli", path: "src/a.ts", securitySeverity: "critical" }],
    });
    const by = async (ref: string): Promise<ScanSourceFact> =>
      valueOf(
        await world.fact(scanSources["code-scanning"].need(), {
          ...deployment(world.baseSha),
          ref,
        }),
      );
    for (const ref of ["v1.0", "refs/tags/v1.0", world.baseSha])
      expect(await by(ref)).toMatchObject({
        scans: [{ tool: "codeql" }],
        findings: [{ rule: "js/sqli" }],
      });
  });
  it("of a deployment of a branch that was analysed itself is that branch's alone", async () => {
    const { sha } = world.sim.commit({
      repo,
      branch: "fix",
      parent: "main",
      files: { "src/a.ts": "mended\n" },
      author: "bob",
    });
    world.sim.codeScan({
      repo,
      findings: [{ rule: "js/sqli", path: "src/a.ts", securitySeverity: "critical" }],
    });
    world.sim.codeScan({ repo, ref: "refs/heads/fix", sha });
    const fact = valueOf(
      await world.fact(scanSources["code-scanning"].need(), { ...deployment(sha), ref: "fix" }),
    );
    expect(fact).toMatchObject({ scans: [{ tool: "codeql" }], findings: [] });
  });
  it("what the base branch has is not new", async () => {
    world.sim.codeScan({ repo, findings: [{ rule: "js/old", path: "src/a.ts", line: 1 }] });
    world.sim.codeScan({
      repo,
      ref: merge(),
      findings: [
        { rule: "js/old", path: "src/a.ts", line: 1 },
        { rule: "js/new", path: "src/a.ts", line: 3 },
      ],
    });
    const known = valueOf(await world.fact(baseFindings.need("code-scanning"))) ?? [];
    const { findings } = await read("code-scanning");
    expect(
      findings
        .filter((finding) => !known.includes(finding.fingerprint))
        .map((finding) => finding.rule),
    ).toEqual(["js/new"]);
  });
});

describe("Dependabot, dependency review and secret scanning", () => {
  it("Dependabot tells the default branch's alerts, and proves no scan", async () => {
    world.sim.dependabotAlert({
      repo,
      package: "lodash",
      severity: "critical",
      cve: "CVE-2025-1234",
    });
    const { number } = world.sim.dependabotAlert({ repo, package: "old", severity: "high" });
    world.sim.setDependabotAlert({ repo, number, state: "fixed" });
    expect(await read("dependabot")).toMatchObject({
      state: "on",
      scans: [],
      findings: [
        {
          severity: "critical",
          package: "pkg:npm/lodash",
          aliases: expect.arrayContaining(["CVE-2025-1234"]),
        },
      ],
    });
  });
  it("more than a page of alerts is read to its end", async () => {
    for (let index = 0; index < 230; index += 1)
      world.sim.dependabotAlert({ repo, package: `p${index}`, severity: "low" });
    expect((await read("dependabot")).findings).toHaveLength(230);
  });
  it("a dependency review that finds nothing is a scan; what it adds has licences, what it removes is known", async () => {
    expect(await read("dependency-review")).toMatchObject({
      scans: [{ tool: "dependency-review", kinds: ["dependency"] }],
      findings: [],
    });
    await world.stop();
    world = await evidenceWorld();
    world.sim.dependencyChanges({
      repo,
      head: world.headSha,
      changes: [
        {
          name: "lodash",
          version: "4.17.20",
          license: "GPL-3.0-only",
          vulnerabilities: [
            {
              severity: "critical",
              advisory_ghsa_id: "GHSA-aaaa-bbbb-cccc",
              advisory_summary: "bad",
              advisory_url: "https://x.example/1",
            },
          ],
        },
        { name: "left-pad", version: "1.0.0", change_type: "removed" },
      ],
    });
    expect(await read("dependency-review")).toMatchObject({
      findings: [{ rule: "GHSA-aaaa-bbbb-cccc", severity: "critical" }],
      removed: [{ package: "pkg:npm/left-pad", manifest: "package-lock.json" }],
    });
    expect(valueOf(await world.fact(addedLicenses.need()))).toMatchObject({
      added: [{ name: "lodash", license: "GPL-3.0-only" }],
      note: null,
    });
  });
  it("W42: the base's packages are what GitHub lists for the default branch, and what the comparison takes out", async () => {
    world.sim.packages({ repo, packages: [{ name: "lodash", version: "4.17.20" }] });
    world.sim.dependencyChanges({
      repo,
      head: world.headSha,
      changes: [
        { name: "left-pad", version: "1.0.0", change_type: "removed" },
        { name: "minimist", version: "0.0.8" },
      ],
    });
    const keys = valueOf(await world.fact(baseFindings.need("dependency-review")));
    expect(keys).toEqual([
      packageKey("pkg:npm/left-pad@1.0.0"),
      packageKey("pkg:npm/lodash@4.17.20"),
    ]);
  });
  it("W42: without a list of packages nothing is known of the base", async () => {
    world.sim.scanning({ repo, dependencyGraph: false });
    expect(valueOf(await world.fact(baseFindings.need("dependency-review")))).toEqual([]);
  });
  it("T51: secrets are asked for without their values, and none gets into a fact", async () => {
    world.sim.secretAlert({
      repo,
      secret: "TOP-SECRET-VALUE",
      type: "new_key",
      locations: [{ path: "src/a.ts", line: 3, sha: world.headSha }],
    });
    world.sim.secretAlert({
      repo,
      secret: "OLD-SECRET-VALUE",
      type: "old_key",
      locations: [{ path: "src/b.ts", sha: world.baseSha }],
    });
    const fact = await read("secret-scanning");
    expect(fact.findings.map((finding) => [finding.severity, finding.kind])).toEqual([
      ["critical", "secret"],
      ["critical", "secret"],
    ]);
    expect(JSON.stringify(fact)).not.toContain("SECRET-VALUE");
    const known = valueOf(await world.fact(baseFindings.need("secret-scanning"))) ?? [];
    expect(
      fact.findings
        .filter((finding) => !known.includes(finding.fingerprint))
        .map((finding) => finding.rule),
    ).toEqual(["new_key"]);
  });
});

describe("403/404 ambiguity", () => {
  const switches = {
    "code-scanning": "codeScanning",
    dependabot: "dependabot",
    "dependency-review": "dependencyGraph",
    "secret-scanning": "secretScanning",
  } as const;
  const permissions = {
    "code-scanning": "security_events",
    dependabot: "vulnerability_alerts",
    "secret-scanning": "secret_scanning_alerts",
  } as const;
  const sources = Object.keys(switches) as (keyof typeof switches)[];

  it.each(sources)(
    "%s that is switched off is off, and not asked again for a while",
    async (source) => {
      world.sim.scanning({ repo, [switches[source]]: false });
      const fact = await read(source);
      expect(fact).toMatchObject({
        state: "off",
        scans: [],
        note: expect.stringContaining("switched off"),
      });
      world.calls();
      await read(source);
      expect(world.calls().filter((call) => !call.includes("graphql"))).toEqual([]);
    },
  );
  it("code scanning that has never run is no scan", async () => {
    expect(await read("code-scanning")).toMatchObject({
      state: "off",
      scans: [],
      note: expect.stringContaining("404"),
    });
  });
  it.each(Object.keys(permissions) as (keyof typeof permissions)[])(
    "%s without the permission is unreadable",
    async (source) => {
      const all = {
        actions: "read",
        checks: "write",
        contents: "read",
        metadata: "read",
        pull_requests: "read",
        security_events: "read",
        vulnerability_alerts: "read",
        secret_scanning_alerts: "read",
        statuses: "read",
      };
      const { [permissions[source]]: _left, ...rest } = all;
      world.sim.setPermissions({ account: "acme", permissions: rest });
      expect(await world.fact(scanSources[source].need())).toMatchObject({
        ok: false,
        code: "forbidden",
      });
    },
  );
  it.each(sources)("5xx of %s is unreadable", async (source) => {
    world.sim.fault({
      match: { path: /code-scanning|dependabot|dependency-graph|secret-scanning/ },
      status: 503,
      body: {},
    });
    expect(await world.fact(scanSources[source].need())).toMatchObject({
      ok: false,
      code: "unavailable",
    });
  });
  describe("a warning that a snapshot is missing", () => {
    const none = (sha: string): string => `No snapshots were found for the head SHA ${sha}.`;
    const warned = (head: string, snapshotWarning = none(head)): void =>
      world.sim.dependencyChanges({ repo, head, changes: [], snapshotWarning });
    const said = async () => valueOf(await world.fact(addedLicenses.need()));
    const later = (): number => world.sim.advance(11 * 60_000);

    it("is of a part where the base has one", async () => {
      warned(world.headSha);
      expect((await said()).note).toContain(none(world.headSha));
      expect((await read("dependency-review")).scans).toEqual([]);
    });

    it("is no matter where nobody submits any, once the runs that might are over", async () => {
      for (const sha of [world.headSha, ...parentsOf(world.baseSha)]) warned(sha);
      const going = world.sim.workflowRun({
        repo,
        sha: world.headSha,
        name: "submit",
        jobs: [{ name: "submit", status: "in_progress" }],
      });
      expect(await said()).toMatchObject({ added: [], note: null, waiting: ["submit"] });
      expect((await read("dependency-review")).scans).not.toEqual([]);
      world.sim.job({ repo, run: going.id, name: "submit" });
      later();
      expect(await said()).toMatchObject({ added: [], note: null, waiting: [] });
    });

    it("is of a part where one of another commit was seen, and for long after", async () => {
      for (const sha of parentsOf(world.baseSha)) warned(sha);
      warned(
        world.headSha,
        "The number of snapshots compared for the base SHA (0) and the head SHA (1) do not match.",
      );
      expect((await said()).note).toContain("do not match");
      warned(world.headSha);
      later();
      expect((await said()).note).toContain(none(world.headSha));
      world.sim.advance(91 * 24 * 3_600_000);
      expect((await said()).note).toBeNull();
    });
  });
  it("licences without a comparison are unknown, and it is said why", async () => {
    world.sim.scanning({ repo, dependencyGraph: false });
    expect(valueOf(await world.fact(addedLicenses.need()))).toMatchObject({
      added: null,
      note: expect.stringContaining("dependency graph is switched off"),
    });
  });
});

describe("scan reports in artifacts", () => {
  it("count for the tool they name, and prove its scan", async () => {
    run({
      "semgrep-results": { "out/semgrep.sarif": sarif([sarifResult("js/eval", 3)]) },
      audit: {
        "npm-audit.json": JSON.stringify({
          auditReportVersion: 2,
          vulnerabilities: {},
          metadata: {},
        }),
      },
      build: { "dist/app.js": "x", "package.json": '{"name":"shop"}' },
    });
    expect(await read("artifacts")).toMatchObject({
      scans: expect.arrayContaining([
        { tool: "semgrep", kinds: ["code"] },
        { tool: "npm-audit", kinds: ["dependency"] },
      ]),
      findings: [
        { rule: "js/eval", severity: "high", path: "src/a.ts", startLine: 3, source: "artifacts" },
      ],
      unreadable: [],
      workflows: [".github/workflows/scan.yml"],
      link: expect.stringContaining("/actions/runs/"),
    });
  });
  it("are read once: the next evaluation asks for the runs only", async () => {
    run({ semgrep: { "semgrep.sarif": sarif([]) } });
    world.sim.advance(3 * 60_000);
    await read("artifacts");
    world.calls();
    expect((await read("artifacts")).scans).toHaveLength(1);
    expect(world.calls().filter((call) => !call.includes("graphql"))).toEqual([
      "GET /repos/acme/shop/actions/runs",
    ]);
  });
  it("of a failed run count: scanners fail when they find something", async () => {
    world.sim.workflowRun({
      repo,
      sha: world.headSha,
      jobs: [{ name: "scan", conclusion: "failure" }],
      artifacts: { sarif: { "a.sarif": sarif([sarifResult("js/eval", 3)]) } },
    });
    expect((await read("artifacts")).findings).toHaveLength(1);
  });
  it.each<[string, Readonly<Record<string, string>> | Buffer, RegExp]>([
    [
      "T20: a bomb",
      writeZip([{ name: "a.sarif", data: " ".repeat(20_000_000) }]),
      /compressed more than/,
    ],
    ["a report cut off", { "trivy.json": '{"SchemaVersion":2,"Results":[' }, /cut off/],
    ["an empty one", { "results.sarif": "" }, /empty/],
    [
      "a version nobody reads",
      { "results.sarif": JSON.stringify({ version: "1.0.0", runs: [] }) },
      /2\.1\.0/,
    ],
    [
      "an archive inside",
      { "results.sarif": "PK\u0003\u0004", "x.sarif": sarif([]) },
      /archive inside/,
    ],
  ])("%s is unreadable, never clean", async (_title, content, why) => {
    run({ scan: Buffer.isBuffer(content) ? { zipBase64: content.toString("base64") } : content });
    const fact = await read("artifacts");
    expect(fact.unreadable.join()).toMatch(why);
  });
  it.each([
    "safety-report.json",
    "osv-results.json",
    "govulncheck.json",
    "bandit.json",
    "eslint_report.json",
    "reports/kics-results.json",
    "yarn-audit.jsonl",
    "scan-results.json",
    "security-report.json",
  ])("W38: a cut-off %s leaves a trace", async (name) => {
    run({ build: { [name]: '{"results":[{"vulnerability":"CVE-20' } });
    expect(await read("artifacts")).toMatchObject({
      scans: [],
      unreadable: [expect.stringContaining(`${name}: it is cut off`)],
    });
  });
  it("W38: broken JSON in an artifact that is named after a scanner leaves a trace", async () => {
    run({ "trivy-results": { "results.json": '{"SchemaVersion":2,' } });
    expect((await read("artifacts")).unreadable).toHaveLength(1);
  });
  it("W38: an empty shape proves nothing, and does so in an artifact that names the tool", async () => {
    run({
      build: { "a.json": '{"results":[]}', "b.json": '{"issues":[],"errors":[]}' },
      "semgrep-report": { "results.json": '{"results":[],"errors":[]}' },
    });
    expect(await read("artifacts")).toMatchObject({
      scans: [{ tool: "semgrep", kinds: ["code"] }],
      unreadable: [],
      failed: [],
    });
  });
  it("W38: what a nameless report finds counts, and proves no scan", async () => {
    const message = { ruleId: "no-eval", severity: 2, message: "m", line: 1 };
    run({ build: { "lint.json": JSON.stringify([{ filePath: "a.js", messages: [message] }]) } });
    expect(await read("artifacts")).toMatchObject({
      scans: [],
      findings: [{ tool: "eslint", rule: "no-eval" }],
      failed: [{ tool: "eslint", reason: expect.stringContaining("proves no scan") }],
    });
  });
  it("other JSON in a build is left alone", async () => {
    run({ build: { "package.json": '{"name":"x"}', "broken.json": "{", "data.json": "[1,2]" } });
    expect(await read("artifacts")).toMatchObject({
      scans: [],
      findings: [],
      unreadable: [],
      note: "no artifact of this commit holds a scan report",
    });
  });
  it("T22: a fork's scan proves nothing", async () => {
    world.sim.workflowRun({
      repo,
      sha: world.headSha,
      headRepo: world.sim.fork({ repo, owner: "mallory" }).name,
      jobs: ["scan"],
      artifacts: { sarif: { "a.sarif": sarif([]) } },
    });
    expect(await read("artifacts")).toMatchObject({
      scans: [],
      ignored: [expect.stringContaining("fork")],
    });
  });
  it("T25: a scan that says of itself that it failed is none", async () => {
    run({
      sarif: {
        "a.sarif": JSON.stringify({
          version: "2.1.0",
          runs: [
            {
              tool: { driver: { name: "Snyk Code" } },
              results: [],
              invocations: [{ executionSuccessful: false }],
            },
          ],
        }),
      },
    });
    expect(await read("artifacts")).toMatchObject({
      scans: [],
      unreadable: [expect.stringContaining("Snyk Code: the tool says that its run failed")],
    });
  });
  it("what the base has is told by its own reports, and kept", async () => {
    world.sim.workflowRun({
      repo,
      sha: world.baseSha,
      event: "push",
      branch: "main",
      jobs: ["scan"],
      artifacts: { sarif: { "a.sarif": sarif([sarifResult("js/old", 1)]) } },
    });
    run({ sarif: { "a.sarif": sarif([sarifResult("js/old", 2), sarifResult("js/new", 3)]) } });
    const known = valueOf(await world.fact(baseFindings.need("artifacts"))) ?? [];
    expect(
      (await read("artifacts")).findings
        .filter((finding) => !known.includes(finding.fingerprint))
        .map((finding) => finding.rule),
    ).toEqual(["js/new"]);
    expect(
      await world.store.records.getValue(`findings:${world.repository.id}:${world.baseSha}`),
    ).toBe(JSON.stringify(known));
  });
  it("a base that nothing scanned is null: everything is new", async () => {
    expect(valueOf(await world.fact(baseFindings.need("artifacts")))).toBeNull();
  });
  it("many findings arrive in portions, the gravest kept one by one", async () => {
    const many = Array.from({ length: 21_000 }, (_, index) => ({
      ruleId: `r${index}`,
      level: index < 10 ? "error" : "note",
      message: { text: "x" },
    }));
    run({ sarif: { "a.sarif": sarif(many) } });
    const fact = valueOf(await world.fact(scanArtifacts.need()));
    expect(fact.findings).toHaveLength(20_000);
    expect(fact.findings.filter((finding) => finding.severity === "high")).toHaveLength(10);
    expect(fact.beyond).toEqual({ low: 1_000 });
  });
});

const deployment = (sha: string): DeploymentSubject => ({
  kind: "deployment",
  repository: world.repository.id,
  deploymentId: 1,
  environment: "production",
  sha,
  ref: "main",
  runId: null,
});

async function headRef(): Promise<string> {
  return (
    [...world.sim.world.repos.values()]
      .flatMap((one) => [...one.pulls.values()])
      .find((pull) => pull.number === world.number)?.headRef ?? ""
  );
}
