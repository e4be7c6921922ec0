import { describe, expect, it } from "vitest";
import { countFindings } from "#core/formats/findings/read-files.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { toolOfFileName } from "#core/formats/findings/tool-name.ts";

/** What several tools write when they have found nothing, or what another tool may write as well. */
const shapes: readonly (readonly [text: string, namedAfter: string | null])[] = [
  ['{"results":[]}', "tfsec"],
  ['{"results":[]}', "osv-scanner"],
  ['{"results":null}', "tfsec"],
  ['{"results":[],"errors":[]}', "semgrep"],
  ['{"results":[],"errors":[],"paths":{"scanned":[]}}', "semgrep"],
  ['{"results":[],"metrics":{}}', null],
  ['{"results":[],"metrics":{"_totals":{}}}', "bandit"],
  ['{"dependencies":[]}', "pip-audit"],
  ['{"dependencies":[],"fixes":[]}', "pip-audit"],
  ['{"dependencies":[],"scanInfo":{}}', "dependency-check"],
  ['{"issues":[],"errors":[]}', "tflint"],
  ['[{"filePath":"/src/a.js","messages":[]}]', "eslint"],
  ['[{"filePath":"a.js","messages":[],"errorCount":0,"warningCount":0}]', "eslint"],
  ['{"metadata":{},"results":[{"filePath":"a.js","messages":[]}]}', "eslint"],
  ['{"matches":[]}', null],
  ['{"matches":[],"source":{"type":"image"}}', "grype"],
  ['{"matches":[],"source":{},"descriptor":{"name":"another-tool","version":"1"}}', "grype"],
  ['{"Issues":[],"Stats":{}}', "gosec"],
  ['{"advisories":{},"metadata":{}}', "npm-audit"],
  ['{"ok":true,"vulnerabilities":[]}', "snyk"],
  ['[{"ok":true,"vulnerabilities":[],"projectName":"x"}]', "snyk"],
  ['{"check_type":"terraform","results":{"failed_checks":[]},"summary":{}}', "checkov"],
  ['{"warnings":[],"scan_info":{}}', "brakeman"],
  ['{"lockfile":{},"vulnerabilities":{"list":[]}}', "cargo-audit"],
  ['{"report_meta":{},"vulnerabilities":[]}', "safety"],
  ['{"results":{"violations":null}}', "terrascan"],
  ['{"SchemaVersion":2,"ArtifactName":"x","Results":[]}', "trivy"],
  ['{"ClusterName":"x","Resources":[]}', "trivy"],
  ['{"queries":[]}', null],
  ['{"plugins_used":[],"results":{}}', "detect-secrets"],
  ["[]", "gitleaks"],
  ["null", "gitleaks"],
  ["null", "trivy"],
  ["{}", null],
];

const fileOf = (tool: string): string => `${tool}-report.json`;

describe("W38: a scan is proved by a tool's name, not by a shape", () => {
  it.each(shapes)("W38: %s in a file of any name proves nothing", (text) => {
    for (const name of ["report.json", "results.json", "out/data.json", "a.sarif"])
      expect(readFindings(name, text)).toMatchObject({
        kind: "unreadable",
        reason: expect.stringMatching(/name|known scanner/),
      });
  });

  it.each(shapes.filter(([, tool]) => tool !== null))(
    "W38: %s in a file of %s is its clean scan",
    (text, tool) => {
      const clean = { kind: "report", report: { tool, findings: [], runs: [{ scanned: true }] } };
      expect(readFindings(fileOf(tool ?? ""), text)).toMatchObject(clean);
      expect(readFindings("results.json", text, `${tool ?? ""}-results`)).toMatchObject(clean);
    },
  );

  it.each([
    ["gitleaks.json", "{}"],
    ["semgrep.json", "[]"],
    ["semgrep.json", "{}"],
    ["snyk.json", "null"],
    ["bandit.json", "[]"],
    ["trivy.json", "{}"],
    ["grype.json", '{"results":[]}'],
    ["trivy.json", '{"results":[]}'],
  ])("W38: %s holding %s is what that tool never writes", (name, text) => {
    expect(readFindings(name, text)).toMatchObject({ kind: "unreadable" });
  });

  it.each([
    ["trivy", { SchemaVersion: 2, ArtifactName: ".", ArtifactType: "filesystem" }],
    ["trivy", { SchemaVersion: 2, ArtifactName: ".", Trivy: { Version: "0.70" } }],
    ["grype", { matches: [], source: {}, descriptor: { name: "grype", version: "0.80" } }],
    ["npm-audit", { auditReportVersion: 2, vulnerabilities: {}, metadata: {} }],
    ["npm-audit", { actions: [], advisories: {}, muted: [], metadata: { vulnerabilities: {} } }],
    ["gosec", { Issues: [], Stats: { files: 3, lines: 9, nosec: 0, found: 0 } }],
    ["gosec", { Issues: null, "Golang errors": {}, Stats: {}, GosecVersion: "2.20" }],
    ["checkov", { passed: 0, failed: 0, checkov_version: "3.2" }],
    ["bandit", { errors: [], results: [], metrics: { _totals: { "SEVERITY.HIGH": 0 } } }],
    ["semgrep", { results: [], errors: [], paths: { scanned: ["a.py"] }, version: "1.90.0" }],
    ["snyk", { ok: true, vulnerabilities: [], policy: "# Snyk (https://snyk.io) policy file" }],
    ["safety", { report_meta: { safety_version: "2.3" }, vulnerabilities: [] }],
    ["kics", { kics_version: "v1.7", queries: [] }],
    ["brakeman", { scan_info: { brakeman_version: "6" }, warnings: [] }],
    [
      "dependency-check",
      { reportSchema: "1.1", scanInfo: { engineVersion: "9" }, dependencies: [] },
    ],
    [
      "cargo-audit",
      {
        database: { "advisory-count": 600 },
        lockfile: { "dependency-count": 9 },
        vulnerabilities: { list: [] },
      },
    ],
    ["terrascan", { results: { violations: null, scan_summary: { policies_validated: 9 } } }],
    ["osv-scanner", { results: [], experimental_config: { licenses: { summary: false } } }],
    ["pip-audit", { dependencies: [{ name: "a", version: "1", vulns: [] }], fixes: [] }],
    ["yarn-audit", { type: "auditSummary", data: { vulnerabilities: {} } }],
    [
      "eslint",
      [
        {
          filePath: "a.js",
          messages: [],
          errorCount: 0,
          fixableErrorCount: 0,
          usedDeprecatedRules: [],
        },
      ],
    ],
    ["detect-secrets", { version: "1.5", plugins_used: [], results: {} }],
    [
      "govulncheck",
      [
        { config: { protocol_version: "v1.0.0", scanner_name: "govulncheck" } },
        { progress: { message: "Checking the code against the vulnerabilities..." } },
      ],
    ],
  ])("W38: %s's own mark proves its scan under any name, even another tool's", (tool, document) => {
    for (const name of ["report.json", "trivy-and-grype.json"])
      expect(readFindings(name, JSON.stringify(document))).toMatchObject({
        kind: "report",
        report: { tool, findings: [], runs: [{ scanned: true }] },
      });
  });

  it("W38: KICS before it wrote its version, without findings, is a clean scan", () => {
    const old = {
      files_scanned: 2,
      files_parsed: 2,
      files_failed_to_scan: 0,
      queries_total: 253,
      queries_failed_to_execute: 0,
      severity_counters: { HIGH: 0 },
      total_counter: 0,
    };
    for (const queries of [[], null])
      expect(readFindings("results.json", JSON.stringify({ ...old, queries }))).toMatchObject({
        report: { tool: "kics", findings: [], runs: [{ scanned: true }] },
      });
  });

  it.each([
    [
      "grype",
      {
        matches: [
          {
            vulnerability: { id: "CVE-2024-1", severity: "Critical" },
            artifact: { name: "p", version: "1", type: "deb" },
          },
        ],
        descriptor: { name: "another-tool" },
      },
    ],
    [
      "eslint",
      [{ filePath: "a.js", messages: [{ ruleId: "no-eval", severity: 2, message: "m", line: 1 }] }],
    ],
    ["snyk", { ok: false, vulnerabilities: [{ id: "V-1", severity: "critical", name: "p" }] }],
  ])(
    "W38: what a report in the shape of %s's finds counts, and proves no scan",
    (tool, document) => {
      const text = JSON.stringify(document);
      expect(readFindings("report.json", text)).toMatchObject({
        report: {
          tool,
          findings: [{ tool }],
          runs: [{ scanned: false, results: 1 }],
          problems: [expect.stringContaining("proves no scan")],
        },
      });
      expect(countFindings("r", readFindings("r", text))).toMatchObject({ tool, results: 1 });
    },
  );
});

describe("W38: SARIF that names no tool", () => {
  const run = (name: unknown, results: readonly unknown[]): unknown => ({
    tool: { driver: { name } },
    results,
  });
  const sarif = (...runs: readonly unknown[]): string => JSON.stringify({ version: "2.1.0", runs });
  const problem = { message: { text: "m" }, level: "error" };

  it.each([undefined, null, "", "  ", "***", 7])(
    "W38: named %j proves no scan; its results count",
    (name) => {
      expect(readFindings("a.sarif", sarif(run(name, [problem])))).toMatchObject({
        report: { findings: [{ severity: "high" }], runs: [{ scanned: false }] },
      });
    },
  );

  it("W38: the name of its file or artifact is its tool, where no run says another", () => {
    const named = { report: { tool: "trivy", runs: [{ tool: "trivy", scanned: true }] } };
    expect(readFindings("trivy.sarif", sarif(run("", [])))).toMatchObject(named);
    expect(readFindings("a.sarif", sarif(run("", [])), "trivy-results")).toMatchObject(named);
    expect(readFindings("trivy.sarif", sarif(run("", [])))).toMatchObject({
      report: { kinds: ["dependency"] },
    });
    expect(readFindings("trivy.sarif", sarif(run("", []), run("Grype", [])))).toMatchObject({
      report: { runs: [{ scanned: false }, { tool: "grype", scanned: true }] },
    });
  });
});

describe("W38: names of scanners", () => {
  it.each([
    ["safety-report.json", "safety"],
    ["safety.json", "safety"],
    ["py_safety_check_results.json", "safety"],
    ["osv-results.json", "osv-scanner"],
    ["osv.json", "osv-scanner"],
    ["osv_scanner.json", "osv-scanner"],
    ["govulncheck.json", "govulncheck"],
    ["reports/govulncheck-output.jsonl", "govulncheck"],
    ["dependency-check-report.json", "dependency-check"],
    ["clair-report.json", "clair"],
    ["road-safety-data.json", null],
    ["safety-boots.json", null],
    [".eslintrc.json", null],
    ["report.json", null],
  ])("W38: %s speaks of %s", (name, tool) => {
    expect(toolOfFileName(name)).toBe(tool);
  });
});

describe("govulncheck", () => {
  const stream = (...messages: readonly unknown[]): string =>
    messages.map((message) => `${JSON.stringify(message, null, 2)}\n`).join("");
  const config = {
    config: { protocol_version: "v1.0.0", scanner_name: "govulncheck", scanner_version: "v1.1.3" },
  };
  const osv = {
    osv: {
      id: "GO-2024-2687",
      aliases: ["CVE-2023-45288", "GHSA-4v7x-pqxf-cx7m"],
      summary: "HTTP/2 flood",
    },
  };
  const at = (place: object): unknown => ({
    finding: {
      osv: "GO-2024-2687",
      trace: [{ module: "golang.org/x/net", version: "v0.22.0", ...place }],
    },
  });

  it("reads its stream of messages: one finding an advisory and module, by its nearest place", () => {
    const text = stream(
      config,
      { progress: { message: "Scanning" } },
      osv,
      at({}),
      at({ package: "golang.org/x/net/http2" }),
      at({ package: "golang.org/x/net/http2", function: "Serve" }),
    );
    expect(readFindings("report.json", text)).toMatchObject({
      report: {
        tool: "govulncheck",
        toolVersion: "v1.1.3",
        runs: [{ scanned: true, results: 1 }],
        findings: [
          {
            rule: "GO-2024-2687",
            severity: "high",
            severitySource: "level",
            kind: "dependency",
            package: "pkg:golang/golang.org/x/net@v0.22.0",
            title: "HTTP/2 flood",
            aliases: ["CVE-2023-45288", "GHSA-4V7X-PQXF-CX7M"],
          },
        ],
      },
    });
  });

  it("W38: cut off it is unreadable", () => {
    const text = stream(config, osv, at({}));
    for (const end of [text.length - 3, text.length - 60, 40])
      expect(readFindings("govulncheck.json", text.slice(0, end))).toMatchObject({
        kind: "unreadable",
        broken: true,
      });
  });
});
