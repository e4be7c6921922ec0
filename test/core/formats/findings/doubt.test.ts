import { describe, expect, it } from "vitest";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { nativeReaders } from "#core/formats/findings/native/index.ts";

/** A scan of a tool that by its own word failed, looked at nothing, or found more than it lists. */
const doubtful: readonly (readonly [tool: string, document: unknown, why: RegExp])[] = [
  [
    "semgrep",
    {
      results: [],
      errors: [{ code: 7, level: "error", message: "invalid configuration file found" }],
      paths: { scanned: [] },
      version: "1.50.0",
    },
    /invalid configuration/,
  ],
  [
    "semgrep",
    {
      results: [],
      errors: [{ code: 4, level: "error", type: "InvalidRuleSchemaError", message: "bad rule" }],
      paths: { scanned: ["a.py"] },
      version: "1.50.0",
    },
    /bad rule/,
  ],
  [
    "semgrep",
    { results: [], errors: [], paths: { scanned: [] }, version: "1.90.0" },
    /looked at no file/,
  ],
  [
    "yarn-audit",
    { type: "auditSummary", data: { vulnerabilities: { high: 2, critical: 3 } } },
    /counts 3 critical and lists 0/,
  ],
  [
    "gosec",
    {
      "Golang errors": { main: [{ error: "could not load export data" }] },
      Issues: [],
      Stats: { files: 0, lines: 0, nosec: 0, found: 0 },
    },
    /looked at nothing/,
  ],
  ["gosec", { Issues: [], Stats: { files: 9, nosec: 0, found: 7 } }, /counts 7 in all/],
  ["gosec", { Issues: null, Stats: { files: "9", nosec: 0, found: "7" } }, /counts 7 in all/],
  [
    "govulncheck",
    { config: { protocol_version: "v1.0.0", scanner_name: "govulncheck" } },
    /stopped/,
  ],
  [
    "govulncheck",
    [
      { config: { protocol_version: "v1.0.0", scanner_name: "govulncheck" } },
      { SBOM: { go_version: "go1.24" } },
      { progress: { message: "Fetching vulnerabilities from the database..." } },
    ],
    /stopped/,
  ],
  [
    "govulncheck",
    [
      { config: { protocol_version: "v1.0.0", scanner_name: "govulncheck" } },
      { progress: { message: "No packages matching the provided pattern." } },
    ],
    /no package/,
  ],
  [
    "npm-audit",
    {
      auditReportVersion: 2,
      vulnerabilities: {},
      metadata: { vulnerabilities: { critical: 4, total: 4 } },
    },
    /counts 4 critical/,
  ],
  [
    "npm-audit",
    {
      auditReportVersion: 2,
      vulnerabilities: { a: { name: "a", severity: "low", via: [] } },
      metadata: { vulnerabilities: { low: 0, critical: 1, total: 1 } },
    },
    /counts 1 critical and lists 0/,
  ],
  ["npm-audit", { auditReportVersion: 2 }, /lists no vulnerabilities/],
  [
    "npm-audit",
    { actions: [], advisories: {}, muted: [], metadata: { vulnerabilities: { moderate: 1 } } },
    /counts 1 medium/,
  ],
  [
    "cargo-audit",
    {
      database: { "advisory-count": 500 },
      lockfile: { "dependency-count": 80 },
      vulnerabilities: { found: true, count: 2, list: null },
    },
    /counts 2 in all/,
  ],
  [
    "cargo-audit",
    {
      database: { "advisory-count": 500 },
      lockfile: { "dependency-count": 80 },
      vulnerabilities: { found: true, list: [] },
    },
    /counts 1 in all/,
  ],
  [
    "cargo-audit",
    {
      database: { "advisory-count": 0 },
      lockfile: { "dependency-count": 80 },
      vulnerabilities: { found: false, count: 0, list: [] },
    },
    /no advisory/,
  ],
  [
    "kics",
    { kics_version: "v1", total_counter: 9, severity_counters: { CRITICAL: 4 }, queries: [] },
    /counts 4 critical/,
  ],
  ["kics", { kics_version: "v1", files_scanned: 0, queries: [] }, /looked at nothing/],
  [
    "safety",
    { report_meta: { safety_version: "2", vulnerabilities_found: 4 }, vulnerabilities: [] },
    /counts 4 in all/,
  ],
  [
    "checkov",
    {
      check_type: "terraform",
      results: { failed_checks: [] },
      summary: { failed: 9, checkov_version: "3" },
    },
    /counts 9 in all/,
  ],
  [
    "checkov",
    {
      passed: 0,
      failed: 0,
      skipped: 0,
      parsing_errors: 3,
      resource_count: 0,
      checkov_version: "3",
    },
    /none of the files/,
  ],
  [
    "brakeman",
    { scan_info: { brakeman_version: "6", security_warnings: 5 }, warnings: [], errors: [] },
    /counts 5 in all/,
  ],
  [
    "brakeman",
    {
      scan_info: { brakeman_version: "6", number_of_controllers: 0, number_of_models: 0 },
      warnings: [],
      errors: [{ error: "no application" }],
    },
    /looked at nothing/,
  ],
  [
    "terrascan",
    {
      results: { violations: null, scan_summary: { policies_validated: 7, violated_policies: 3 } },
    },
    /counts 3 in all/,
  ],
  [
    "snyk",
    { ok: false, uniqueCount: 3, vulnerabilities: [], policy: "# Snyk policy" },
    /counts 3 issues and lists 0/,
  ],
  ["snyk", { ok: false, vulnerabilities: [], policy: "# Snyk policy" }, /lists nothing/],
  [
    "bandit",
    { errors: [], results: [], metrics: { _totals: { "SEVERITY.HIGH": 4, loc: 10 } } },
    /counts 4 high/,
  ],
  [
    "bandit",
    {
      errors: [{ filename: "a.py", reason: "syntax error" }],
      results: [],
      metrics: { _totals: { "SEVERITY.HIGH": 0, loc: 0 } },
    },
    /looked at nothing/,
  ],
  [
    "dependency-check",
    {
      reportSchema: "1.1",
      scanInfo: {
        engineVersion: "9",
        analysisExceptions: [{ exception: { message: "No documents exist" } }],
      },
      dependencies: [{ fileName: "a.jar" }],
    },
    /nothing to compare with/,
  ],
  [
    "pip-audit",
    {
      dependencies: [{ name: "a", skip_reason: "not on PyPI" }],
      fixes: [],
    },
    /skipped every dependency/,
  ],
  [
    "eslint",
    [{ filePath: "a.js", messages: [], errorCount: 3, warningCount: 0, fixableErrorCount: 0 }],
    /counts 3 in all/,
  ],
  [
    "eslint",
    [
      {
        filePath: "a.js",
        messages: [{ ruleId: null, fatal: true, severity: 2, message: "Parsing error" }],
        errorCount: 1,
        fixableErrorCount: 0,
      },
    ],
    /parse none/,
  ],
  [
    "tflint",
    { issues: [], errors: [{ message: "failed to load", severity: "error" }] },
    /failed to load/,
  ],
];

describe("W38: what a report says of its own scan", () => {
  it.each(doubtful)("W38: %s (%#) proves no scan by its own word", (tool, document, why) => {
    const reading = readFindings(`${tool}.json`, JSON.stringify(document));
    expect(reading).toMatchObject({
      kind: "report",
      report: {
        tool,
        runs: [{ scanned: false, doubt: expect.stringMatching(why) }],
      },
    });
  });

  it("W38: every reader whose tool keeps a count, or tells of its failure, is played above", () => {
    // These write a list of findings, and nothing of the scan.
    const silent = [
      "detect-secrets",
      "gitleaks",
      "grype",
      "hadolint",
      "osv-scanner",
      "tfsec",
      "trivy",
      "trufflehog",
      "zizmor",
    ];
    const played = new Set([...doubtful.map(([tool]) => tool), ...silent]);
    expect(nativeReaders.filter((one) => !played.has(one.tool))).toEqual([]);
  });

  it.each([
    [
      "npm-audit",
      {
        actions: [],
        muted: [],
        advisories: {
          1: {
            module_name: "a",
            id: 1,
            severity: "low",
            findings: [{ version: "1", paths: ["x>a", "y>a"] }],
          },
        },
        metadata: { vulnerabilities: { low: 2 } },
      },
    ],
    [
      "snyk",
      {
        ok: false,
        uniqueCount: 1,
        vulnerabilities: [
          { id: "SNYK-1", name: "a", severity: "low" },
          { id: "SNYK-1", name: "a", severity: "low" },
        ],
      },
    ],
    [
      "semgrep",
      {
        results: [],
        errors: [{ code: 3, level: "warn", type: "Syntax error", message: "partly parsed" }],
        paths: { scanned: ["a.py"] },
        version: "1.90.0",
      },
    ],
    [
      "kics",
      {
        kics_version: "v1",
        files_scanned: 3,
        total_counter: 1,
        severity_counters: { CRITICAL: 0, HIGH: 1 },
        queries: [{ query_name: "q", severity: "HIGH", files: [{ file_name: "a.tf", line: 1 }] }],
      },
    ],
  ])("%s that counts paths, or parses a file in part, is whole", (tool, document) => {
    expect(readFindings(`${tool}.json`, JSON.stringify(document))).toMatchObject({
      report: { tool, runs: [{ scanned: true }] },
    });
  });

  it("W38: what it lists counts all the same", () => {
    const document = {
      auditReportVersion: 2,
      vulnerabilities: { a: { name: "a", severity: "critical", via: [] } },
      metadata: { vulnerabilities: { critical: 2, total: 2 } },
    };
    expect(readFindings("r.json", JSON.stringify(document))).toMatchObject({
      report: { findings: [{ severity: "critical" }], runs: [{ scanned: false }] },
    });
  });
});
