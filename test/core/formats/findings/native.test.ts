import { describe, expect, it } from "vitest";
import { nativeReaders } from "#core/formats/findings/native/index.ts";
import { countFindings } from "#core/formats/findings/read-files.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";

/** Small reports in the shapes of the tools, written for this test. */
const reports: readonly (readonly [tool: string, document: unknown, finding: object | null])[] = [
  [
    "trivy",
    {
      SchemaVersion: 2,
      ArtifactName: "img",
      ArtifactType: "container_image",
      Results: [
        {
          Target: "img (debian 12)",
          Class: "os-pkgs",
          Type: "debian",
          Vulnerabilities: [
            {
              VulnerabilityID: "CVE-2024-0001",
              PkgName: "zlib",
              InstalledVersion: "1.2",
              Severity: "CRITICAL",
              CVSS: { nvd: { V3Score: 9.8 } },
            },
          ],
        },
      ],
    },
    {
      kind: "container",
      severity: "critical",
      package: "zlib@1.2",
      cvss: 9.8,
      path: undefined,
      aliases: ["CVE-2024-0001"],
    },
  ],
  [
    "trivy",
    {
      SchemaVersion: 2,
      Results: [
        {
          Target: "package-lock.json",
          Class: "lang-pkgs",
          Type: "npm",
          Vulnerabilities: [
            {
              VulnerabilityID: "CVE-2024-0002",
              VendorIDs: ["GHSA-aaaa-bbbb-cccc"],
              PkgName: "@a/b",
              InstalledVersion: "1.0.0",
              Severity: "UNKNOWN",
            },
          ],
        },
      ],
    },
    {
      kind: "dependency",
      severity: "unrated",
      package: "pkg:npm/%40a/b@1.0.0",
      path: "package-lock.json",
      aliases: ["GHSA-AAAA-BBBB-CCCC", "CVE-2024-0002"],
    },
  ],
  [
    "trivy",
    [
      {
        Target: "old",
        Vulnerabilities: [{ VulnerabilityID: "CVE-2019-1", Severity: "LOW", PkgName: "p" }],
      },
    ],
    { severity: "low" },
  ],
  [
    "grype",
    {
      matches: [
        {
          vulnerability: { id: "GHSA-aaaa-bbbb-cccc", severity: "High" },
          relatedVulnerabilities: [{ id: "CVE-2024-0003" }],
          artifact: {
            name: "p",
            version: "2",
            type: "npm",
            purl: "pkg:npm/p@2",
            locations: [{ path: "/yarn.lock" }],
          },
        },
      ],
      source: { type: "directory" },
      descriptor: { version: "0.80" },
    },
    {
      kind: "dependency",
      severity: "high",
      package: "pkg:npm/p@2",
      aliases: ["CVE-2024-0003", "GHSA-AAAA-BBBB-CCCC"],
    },
  ],
  [
    "grype",
    {
      matches: [],
      ignoredMatches: [
        {
          vulnerability: { id: "CVE-2024-0004", severity: "Low" },
          artifact: { name: "p", type: "deb" },
          appliedIgnoreRules: [{ reason: "not reachable" }],
        },
      ],
      descriptor: {},
    },
    { kind: "container", suppressed: true, suppression: { justification: "not reachable" } },
  ],
  [
    "snyk",
    {
      ok: false,
      vulnerabilities: [
        {
          id: "SNYK-JS-P-1",
          title: "RCE",
          severity: "high",
          severityWithCritical: "critical",
          packageManager: "npm",
          name: "p",
          version: "1.0.0",
          cvssScore: 9.1,
          identifiers: { CVE: ["CVE-2024-0005"] },
        },
      ],
    },
    { severity: "critical", package: "pkg:npm/p@1.0.0", cvss: 9.1, aliases: ["CVE-2024-0005"] },
  ],
  [
    "snyk",
    {
      ok: true,
      vulnerabilities: [],
      filtered: {
        ignore: [
          {
            id: "SNYK-JS-P-2",
            severity: "low",
            name: "p",
            filtered: { ignored: [{ reason: "later", expires: "2026-03-01T00:00:00Z" }] },
          },
        ],
      },
    },
    { suppressed: true, suppression: { expires: Date.UTC(2026, 2, 1) } },
  ],
  [
    "snyk",
    {
      ok: false,
      infrastructureAsCodeIssues: [
        { id: "SNYK-CC-1", title: "Open bucket", severity: "medium", lineNumber: 7 },
      ],
      targetFile: "main.tf",
    },
    { kind: "iac", severity: "medium", path: "main.tf", startLine: 7 },
  ],
  [
    "npm-audit",
    {
      auditReportVersion: 2,
      vulnerabilities: {
        p: {
          name: "p",
          severity: "critical",
          via: [
            {
              source: 1,
              title: "RCE",
              url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
              range: "<2",
              cvss: { score: 9.8 },
            },
          ],
        },
      },
    },
    { severity: "critical", rule: "GHSA-AAAA-BBBB-CCCC", package: "pkg:npm/p" },
  ],
  [
    "npm-audit",
    {
      auditReportVersion: 2,
      vulnerabilities: { q: { name: "q", severity: "moderate", via: ["p"] } },
    },
    { severity: "medium", rule: "via:p" },
  ],
  [
    "npm-audit",
    {
      advisories: {
        1: {
          id: 1,
          module_name: "p",
          severity: "info",
          findings: [{ version: "1.0.0" }],
          cves: ["CVE-2018-1000"],
        },
      },
      metadata: {},
    },
    { severity: "low", rule: "npm:1", package: "pkg:npm/p@1.0.0" },
  ],
  [
    "pip-audit",
    {
      dependencies: [
        {
          name: "Jinja_2",
          version: "2.0",
          vulns: [{ id: "PYSEC-2021-1", aliases: ["CVE-2021-0001"] }],
        },
        { name: "x", skip_reason: "local" },
      ],
      fixes: [],
    },
    { severity: "unrated", package: "pkg:pypi/Jinja_2@2.0" },
  ],
  [
    "bandit",
    {
      errors: [],
      metrics: { _totals: {} },
      results: [
        {
          filename: "./a.py",
          issue_severity: "HIGH",
          issue_text: "exec",
          line_number: 3,
          line_range: [3, 4, 5],
          test_id: "B102",
        },
      ],
    },
    { severity: "high", path: "a.py", startLine: 3, endLine: 5 },
  ],
  [
    "gosec",
    {
      Issues: [
        {
          severity: "HIGH",
          rule_id: "G101",
          details: "d",
          file: "/github/workspace/a.go",
          line: "79-81",
          nosec: false,
        },
      ],
      Stats: {},
      GosecVersion: "2.18",
    },
    { severity: "high", path: "a.go", startLine: 79, endLine: 81 },
  ],
  [
    "gosec",
    {
      Issues: [
        {
          severity: "LOW",
          rule_id: "G104",
          details: "d",
          file: "a.go",
          line: "1",
          nosec: true,
          suppressions: [{ kind: "inSource", justification: "fine" }],
        },
      ],
      Stats: {},
    },
    { suppressed: true, suppression: { kind: "inSource", justification: "fine" } },
  ],
  [
    "checkov",
    {
      check_type: "sca_package",
      results: {
        failed_checks: [
          {
            check_id: "CKV_CVE_2024_1",
            check_name: "SCA package scan",
            file_path: "/requirements.txt",
            severity: "CRITICAL",
            vulnerability_details: {
              id: "CVE-2024-1",
              package_name: "django",
              package_version: "1.2",
            },
          },
        ],
      },
      summary: {},
    },
    { kind: "dependency", severity: "critical", package: "django@1.2", path: "requirements.txt" },
  ],
  [
    "checkov",
    [
      {
        check_type: "terraform",
        results: {
          passed_checks: [{}],
          failed_checks: [
            {
              check_id: "CKV_1",
              check_name: "n",
              file_path: "/main.tf",
              file_line_range: [1, 9],
              severity: null,
            },
          ],
          skipped_checks: [],
        },
        summary: {},
      },
    ],
    { kind: "iac", severity: "unrated", path: "main.tf", endLine: 9 },
  ],
  [
    "tfsec",
    {
      results: [
        {
          rule_id: "AVD-1",
          long_id: "aws-x",
          severity: "CRITICAL",
          location: { filename: "main.tf", start_line: 1, end_line: 2 },
          status: 0,
        },
      ],
    },
    { kind: "iac", severity: "critical", rule: "aws-x" },
  ],
  [
    "semgrep",
    {
      version: "1.90",
      errors: [],
      paths: {},
      results: [
        {
          check_id: "r",
          path: "a.py",
          start: { line: 1 },
          end: { line: 2 },
          extra: {
            severity: "ERROR",
            message: "m",
            metadata: {},
            fingerprint: "requires login",
            is_ignored: true,
          },
        },
      ],
    },
    { kind: "code", severity: "high", severitySource: "word", suppressed: true },
  ],
  [
    "semgrep",
    {
      errors: [],
      paths: {},
      results: [
        {
          check_id: "ssc",
          path: "yarn.lock",
          start: { line: 1 },
          end: { line: 1 },
          extra: {
            severity: "INFO",
            message: "m",
            sca_info: {
              dependency_match: {
                found_dependency: { package: "p", version: "1", ecosystem: "npm" },
              },
            },
          },
        },
      ],
    },
    { kind: "dependency", severity: "low", package: "pkg:npm/p@1" },
  ],
  [
    "semgrep",
    {
      vulns: [
        {
          title: "Assertion",
          advisory: {
            ruleId: "ssc-1",
            severity: "HIGH",
            references: { cveIds: ["CVE-2024-0006"], urls: ["https://example.com/a"] },
          },
          matchedDependency: { name: "p", versionSpecifier: "1.2" },
          dependencyFileLocation: { path: "requirements.txt", startLine: "7" },
        },
      ],
    },
    {
      kind: "dependency",
      severity: "high",
      package: "p@1.2",
      path: "requirements.txt",
      startLine: 7,
      aliases: ["CVE-2024-0006"],
    },
  ],
  [
    "snyk",
    {
      packageManager: "npm",
      vulnerabilities: [
        {
          id: "SNYK-JS-P-3",
          title: "RCE",
          severity: "high",
          packageName: "p",
          version: "1.0.0",
          identifiers: null,
        },
      ],
    },
    { severity: "high", aliases: [] },
  ],
  [
    "grype",
    {
      matches: [
        {
          vulnerability: { id: "CVE-2024-0007", severity: "Low" },
          artifact: { name: "p", version: "1", type: "npm" },
        },
      ],
    },
    { severity: "low", package: "pkg:npm/p@1" },
  ],
  [
    "tfsec",
    {
      results: [
        {
          rule_id: "GEN003",
          severity: "WARNING",
          location: { filename: "main.tf", start_line: 2, end_line: 2 },
          passed: false,
        },
        {
          rule_id: "GEN004",
          severity: "ERROR",
          location: { filename: "main.tf", start_line: 3, end_line: 3 },
          passed: true,
        },
      ],
    },
    { severity: "medium", severitySource: "level", rule: "GEN003" },
  ],
  [
    "trufflehog",
    {
      branch: "origin/main",
      commitHash: "abc",
      path: "deploy/.env",
      reason: "High Entropy",
      stringsFound: ["s3cr3t"],
      diff: "s3cr3t",
    },
    {
      kind: "secret",
      severity: "critical",
      severitySource: "none",
      rule: "High Entropy",
      path: "deploy/.env",
    },
  ],
  [
    "zizmor",
    [
      {
        ident: "template-injection",
        desc: "code injection",
        url: "https://docs.zizmor.sh/audits/#template-injection",
        determinations: { confidence: "High", severity: "Informational", persona: "Regular" },
        ignored: false,
        locations: [
          { symbolic: { kind: "Related", key: { Local: { verbatim_path: "other.yml" } } } },
          {
            symbolic: {
              kind: "Primary",
              annotation: "here",
              key: { Local: { verbatim_path: "./.github/workflows/ci.yml" } },
            },
            concrete: { location: { start_point: { row: 0 }, end_point: { row: 2 } } },
          },
        ],
      },
    ],
    {
      kind: "code",
      severity: "low",
      path: ".github/workflows/ci.yml",
      startLine: 1,
      endLine: 3,
      message: "here",
    },
  ],
  [
    "zizmor",
    [
      {
        ident: "unpinned-uses",
        desc: "d",
        determinations: { severity: "High" },
        ignored: true,
        locations: [
          {
            symbolic: { key: { Local: { given_path: ".github/workflows/a.yml" } } },
            concrete: { location: { start_point: { row: 4 } } },
          },
        ],
      },
    ],
    { severity: "high", suppressed: true, path: ".github/workflows/a.yml", startLine: 5 },
  ],
  [
    "osv-scanner",
    {
      results: [
        {
          source: { path: "/home/runner/work/r/r/go.mod", type: "lockfile" },
          packages: [
            {
              package: { name: "example.com/p", version: "1.0.0", ecosystem: "Go" },
              vulnerabilities: [
                {
                  id: "GO-2024-1",
                  aliases: ["CVE-2024-0008"],
                  database_specific: { severity: "LOW" },
                },
              ],
              groups: [{ ids: ["GO-2024-1"], max_severity: "9.8" }],
            },
          ],
        },
      ],
      experimental_config: {},
    },
    {
      kind: "dependency",
      severity: "critical",
      severitySource: "numeric",
      path: "go.mod",
      package: "pkg:golang/example.com/p@1.0.0",
      aliases: ["CVE-2024-0008"],
    },
  ],
  [
    "osv-scanner",
    {
      results: [
        {
          source: { path: "yarn.lock" },
          packages: [
            {
              package: { name: "p", version: "1", ecosystem: "npm" },
              vulnerabilities: [
                {
                  id: "GHSA-aaaa-bbbb-cccc",
                  summary: "s",
                  database_specific: { severity: "MODERATE" },
                },
              ],
            },
          ],
        },
      ],
    },
    { severity: "medium", severitySource: "word", title: "s" },
  ],
  [
    "osv-scanner",
    {
      results: [
        {
          source: { path: "yarn.lock" },
          packages: [
            {
              package: { name: "p", version: "1", ecosystem: "npm" },
              license_violations: ["GPL-3.0"],
            },
          ],
        },
      ],
    },
    { kind: "license", severity: "unrated", rule: "GPL-3.0" },
  ],
  [
    "dependency-check",
    {
      reportSchema: "1.1",
      scanInfo: { engineVersion: "9.0" },
      dependencies: [
        { fileName: "clean.jar" },
        {
          fileName: "a.jar",
          filePath: "/github/workspace/lib/a.jar",
          packages: [{ id: "pkg:maven/a/a@1" }],
          vulnerabilities: [
            {
              name: "CVE-2024-0009",
              severity: "HIGH",
              cvssv3: { baseScore: 7.5 },
              references: [{ url: "https://example.com/b" }],
            },
          ],
        },
      ],
    },
    { severity: "high", package: "pkg:maven/a/a@1", path: "lib/a.jar", cvss: 7.5 },
  ],
  [
    "dependency-check",
    {
      scanInfo: {},
      dependencies: [
        {
          fileName: "a.jar",
          suppressedVulnerabilities: [
            { name: "CVE-2024-0010", severity: "MEDIUM", notes: "not ours" },
          ],
        },
      ],
    },
    { severity: "medium", suppressed: true, suppression: { justification: "not ours" } },
  ],
  [
    "brakeman",
    {
      scan_info: { brakeman_version: "6.1" },
      warnings: [
        {
          warning_type: "SQL Injection",
          check_name: "SQL",
          message: "m",
          file: "app/models/a.rb",
          line: 3,
          confidence: "Medium",
          fingerprint: "ab",
          code: "x",
        },
      ],
      ignored_warnings: [],
      errors: [],
    },
    {
      severity: "medium",
      severitySource: "level",
      rule: "SQL",
      title: "SQL Injection",
      path: "app/models/a.rb",
    },
  ],
  [
    "brakeman",
    {
      scan_info: {},
      warnings: [],
      ignored_warnings: [{ warning_type: "Redirect", confidence: "High", note: "fine" }],
    },
    { severity: "high", suppressed: true, suppression: { justification: "fine" } },
  ],
  [
    "hadolint",
    [
      {
        code: "DL3008",
        column: 1,
        file: "Dockerfile",
        level: "info",
        line: 9,
        message: "Pin versions",
      },
    ],
    { kind: "iac", severity: "low", severitySource: "level", rule: "DL3008", startLine: 9 },
  ],
  [
    "kics",
    {
      kics_version: "v1.7",
      queries: [
        {
          query_name: "Open bucket",
          query_id: "q1",
          severity: "TRACE",
          files: [{ file_name: "main.tf", line: 4, expected_value: null }],
        },
      ],
    },
    { kind: "iac", severity: "unrated", rule: "q1", path: "main.tf", startLine: 4 },
  ],
  [
    "safety",
    {
      report_meta: { safety_version: "2.3" },
      vulnerabilities: [
        {
          vulnerability_id: "25853",
          package_name: "p",
          analyzed_version: "0.1",
          ignored: false,
          CVE: "CVE-2024-0011",
          severity: { cvssv3: { base_score: 9.8, base_severity: "CRITICAL" } },
        },
      ],
      ignored_vulnerabilities: [],
    },
    { severity: "critical", cvss: 9.8, package: "pkg:pypi/p@0.1", aliases: ["CVE-2024-0011"] },
  ],
  [
    "safety",
    {
      report_meta: {},
      vulnerabilities: [],
      ignored_vulnerabilities: [
        {
          vulnerability_id: "1",
          package_name: "p",
          ignored_reason: "no fix",
          ignored_expires: "2026-05-01T00:00:00",
        },
      ],
    },
    { severity: "unrated", suppressed: true, suppression: { justification: "no fix" } },
  ],
  [
    "safety",
    [["p", "<1.8", "1.7", "Bad things happen", "25701"]],
    { severity: "unrated", rule: "25701", package: "pkg:pypi/p@1.7" },
  ],
  [
    "terrascan",
    {
      results: {
        violations: [
          {
            rule_name: "openBucket",
            rule_id: "AC_AWS_1",
            severity: "HIGH",
            resource_name: null,
            file: "main.tf",
            line: 10,
          },
        ],
        skipped_violations: null,
      },
    },
    { kind: "iac", severity: "high", rule: "AC_AWS_1", startLine: 10 },
  ],
  [
    "terrascan",
    {
      results: {
        violations: null,
        skipped_violations: [{ rule_id: "AC_AWS_2", severity: "LOW", skip_comment: "later" }],
      },
    },
    { suppressed: true, suppression: { justification: "later" } },
  ],
  [
    "tflint",
    {
      issues: [
        {
          rule: { name: "terraform_required_version", severity: "notice", link: "" },
          message: "m",
          range: { filename: "main.tf", start: { line: 1 }, end: { line: 2 } },
        },
      ],
      errors: [],
    },
    { kind: "iac", severity: "low", severitySource: "level", path: "main.tf", endLine: 2 },
  ],
  [
    "cargo-audit",
    {
      database: {},
      lockfile: { "dependency-count": 3 },
      vulnerabilities: {
        found: true,
        count: 1,
        list: [
          {
            advisory: { id: "RUSTSEC-2024-0001", title: "t", aliases: ["CVE-2024-0012"] },
            package: { name: "p", version: "1.0.0" },
          },
        ],
      },
      warnings: { unmaintained: [{}] },
    },
    {
      severity: "unrated",
      package: "pkg:cargo/p@1.0.0",
      path: "Cargo.lock",
      aliases: ["CVE-2024-0012"],
    },
  ],
  [
    "detect-secrets",
    {
      version: "1.5",
      plugins_used: [],
      results: {
        "a/b.py": [
          { type: "Secret Keyword", filename: "a/b.py", hashed_secret: "cafe", line_number: 4 },
        ],
      },
    },
    {
      kind: "secret",
      severity: "critical",
      severitySource: "none",
      path: "a/b.py",
      startLine: 4,
      message: undefined,
    },
  ],
  [
    "detect-secrets",
    {
      version: "1.5",
      plugins_used: [],
      results: { "a/b.py": [{ type: "Secret Keyword", is_secret: false }] },
    },
    { suppressed: true },
  ],
  ["yarn-audit", { type: "auditSummary", data: {} }, null],
  [
    "eslint",
    [
      {
        filePath: "/home/runner/work/r/r/src/a.js",
        messages: [{ ruleId: "no-eval", severity: 2, message: "no", line: 4 }],
      },
    ],
    { severity: "high", severitySource: "level", path: "src/a.js", startLine: 4 },
  ],
  [
    "eslint",
    {
      results: [
        {
          filePath: "a.js",
          messages: [{ ruleId: "no-eval", severity: 1, message: "no", line: 4 }],
        },
      ],
      metadata: { cwd: "/w" },
    },
    { severity: "medium", severitySource: "level", path: "a.js" },
  ],
  [
    "eslint",
    [
      {
        filePath: "a.js",
        messages: [],
        suppressedMessages: [
          {
            ruleId: "no-eval",
            severity: 1,
            message: "no",
            line: 4,
            suppressions: [{ kind: "directive", justification: "ok" }],
          },
        ],
      },
    ],
    { severity: "medium", suppressed: true },
  ],
];

describe("native reports", () => {
  it.each(reports)("%s (%#)", (tool, document, finding) => {
    const findings = finding === null ? [] : [{ tool, ...finding }];
    expect(readFindings(`${tool}-report.json`, JSON.stringify(document))).toMatchObject({
      kind: "report",
      report: {
        tool,
        format: "native",
        runs: [{ tool, scanned: true, results: findings.length }],
        findings,
      },
    });
  });

  it("covers every reader", () => {
    expect(
      nativeReaders.map((one) => one.tool).filter((tool) => !reports.some(([of]) => of === tool)),
    ).toEqual(["gitleaks", "govulncheck"]);
  });

  const lines = (...documents: readonly unknown[]): string =>
    documents.map((document) => `${JSON.stringify(document)}\n`).join("");
  const advisory = {
    type: "auditAdvisory",
    data: {
      resolution: { path: "a>p" },
      advisory: {
        id: 1325,
        module_name: "p",
        severity: "high",
        title: "RCE",
        findings: [{ version: "4.5.2" }],
        cves: [],
      },
    },
  };
  const summary = { type: "auditSummary", data: { vulnerabilities: { high: 1 } } };

  it.each([
    [
      "yarn-audit",
      lines(advisory, advisory, summary),
      { severity: "high", package: "pkg:npm/p@4.5.2", path: "yarn.lock" },
    ],
    [
      "yarn-audit",
      lines(
        {
          value: "p",
          children: {
            ID: 7,
            Issue: "RCE",
            URL: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
            Severity: "moderate",
            "Tree Versions": ["1.0.0"],
          },
        },
        {
          value: "q",
          children: { ID: "q (deprecation)", Issue: "old", "Tree Versions": ["2.0.0"] },
        },
      ),
      { severity: "medium", rule: "GHSA-AAAA-BBBB-CCCC", package: "pkg:npm/p@1.0.0" },
    ],
    [
      "trufflehog",
      lines(
        { path: "a", reason: "High Entropy", stringsFound: ["x"] },
        { path: "b", reason: "RSA private key", stringsFound: ["y"] },
      ),
      { kind: "secret", path: "a" },
    ],
  ])("%s writes a document a line (%#)", (tool, text, first) => {
    expect(readFindings("report.json", text)).toMatchObject({
      kind: "report",
      report: { tool, runs: [{ scanned: true, results: 2 }], findings: [first, {}] },
    });
  });

  it.each([
    [
      "an error of the registry",
      lines(
        { type: "warning", data: "no license" },
        { type: "error", data: "tunneling socket could not be established" },
      ),
      "yarn-audit did not finish: tunneling socket could not be established",
    ],
    [
      "a cut-off list",
      lines(advisory, advisory),
      "yarn-audit did not finish: its summary is missing",
    ],
  ])("T25: %s proves no scan by Yarn", (_name, text, problem) => {
    expect(readFindings("report.json", text)).toMatchObject({
      report: { runs: [{ scanned: false }], problems: [problem] },
    });
  });

  it("checks that passed are no results", () => {
    const document = {
      check_type: "terraform",
      results: { passed_checks: [{}, {}], failed_checks: [] },
      summary: { checkov_version: "3.2" },
    };
    expect(countFindings("c.json", readFindings("c.json", JSON.stringify(document)))).toEqual({
      file: "c.json",
      tool: "checkov",
      results: 0,
      critical: 0,
      high: 0,
      medium: 0,
      low: 0,
      unrated: 0,
      suppressed: 0,
    });
  });

  it.each([
    ["trivy.json", "null", "trivy"],
    ["reports/gitleaks-report.json", "[]", "gitleaks"],
    ["pip_audit.json", "[]", "pip-audit"],
    ["tfsec.json", '{"results": null}', "tfsec"],
    ["semgrep.json", '{"errors":[],"paths":{"scanned":[]},"results":[]}', "semgrep"],
    ["semgrep.json", '{"results": [], "errors": []}', "semgrep"],
    ["osv.json", '{"results": [], "experimental_config": {}}', "osv-scanner"],
    ["tfsec_output.json", '{"results": []}', "tfsec"],
    ["osv-scanner.json", '{"results": []}', "osv-scanner"],
    [
      "out.json",
      '{"results":{"scan_errors":[{"errMsg":"no helm charts found"}],"violations":null,"skipped_violations":null}}',
      "terrascan",
    ],
    ["tflint.json", '{"issues":[],"errors":[]}', "tflint"],
    [
      "brakeman-output.json",
      '{"scan_info":{},"warnings":[],"ignored_warnings":[],"errors":[]}',
      "brakeman",
    ],
    [
      "cargo-audit.json",
      '{"lockfile":{},"vulnerabilities":{"found":false,"count":0,"list":[]}}',
      "cargo-audit",
    ],
    ["hadolint.json", "[]", "hadolint"],
    ["zizmor-results.json", "[]", "zizmor"],
    ["yarn-npm-audit.json", "[]", "yarn-audit"],
  ])("%s holding %s is a clean scan of %s", (file, text, tool) => {
    expect(readFindings(file, text)).toMatchObject({
      report: { tool, findings: [], runs: [{ scanned: true }] },
    });
  });

  it.each([
    [
      "an image",
      {
        SchemaVersion: 2,
        ArtifactName: "img",
        ArtifactType: "container_image",
        Results: [{ Class: "os-pkgs" }],
      },
      ["container"],
    ],
    [
      "an image without packages",
      { SchemaVersion: 2, ArtifactName: "img", ArtifactType: "container_image" },
      ["container"],
    ],
    [
      "Terraform files",
      {
        SchemaVersion: 2,
        ArtifactName: ".",
        ArtifactType: "filesystem",
        Results: [{ Class: "config" }],
      },
      ["iac"],
    ],
    [
      "lock files and secrets",
      {
        SchemaVersion: 2,
        ArtifactName: ".",
        Results: [{ Class: "lang-pkgs" }, { Class: "secret" }],
      },
      ["dependency", "secret"],
    ],
    [
      "a folder, by Grype",
      { matches: [], source: { type: "directory" }, descriptor: { name: "grype" } },
      ["dependency"],
    ],
    [
      "an image, by Grype",
      { matches: [], source: { type: "image" }, descriptor: { name: "grype" } },
      ["container", "dependency"],
    ],
    [
      "a project, by Snyk",
      { ok: true, vulnerabilities: [], packageManager: "npm", policy: "# Snyk policy file" },
      ["dependency", "license"],
    ],
    [
      "an image, by Snyk",
      {
        ok: true,
        vulnerabilities: [],
        packageManager: "deb",
        docker: {},
        policy: "# Snyk policy file",
      },
      ["container"],
    ],
    ["infrastructure, by Snyk", { ok: true, infrastructureAsCodeIssues: [] }, ["iac"]],
    [
      "code, by Semgrep",
      { results: [], errors: [], paths: { scanned: [] }, version: "1.90.0" },
      ["code"],
    ],
    [
      "dependencies, as Semgrep's service exports them",
      { vulns: [{ advisory: {}, matchedDependency: {} }] },
      ["dependency"],
    ],
  ])("T25: a scan of %s proves no other kind of scan", (_name, document, kinds) => {
    expect(readFindings("report.json", JSON.stringify(document))).toMatchObject({
      report: { kinds },
    });
  });

  it.each([
    [
      "npm audit's error",
      { error: { code: "ENOLOCK", summary: "no lock file" } },
      "npm-audit did not finish: ENOLOCK: no lock file",
    ],
    [
      "npm audit's error since npm 9",
      { message: "request failed", error: { summary: "", detail: "" } },
      "npm-audit did not finish: request failed",
    ],
    [
      "tflint's error",
      { issues: [], errors: [{ message: "main.tf:3: unclosed string", severity: "error" }] },
      "tflint did not finish: main.tf:3: unclosed string",
    ],
    [
      "snyk's error",
      { ok: false, error: "Missing auth token" },
      "snyk did not finish: Missing auth token",
    ],
  ])("T25: %s proves no scan", (_name, document, problem) => {
    expect(readFindings("r.json", JSON.stringify(document))).toMatchObject({
      report: { runs: [{ scanned: false }], problems: [problem] },
    });
  });

  it.each([
    ["Results", { SchemaVersion: 2, Results: 5 }, "Results is not a list"],
    [
      "a vulnerability",
      { SchemaVersion: 2, Results: [{ Vulnerabilities: ["x"] }] },
      "Results Vulnerabilities[0] is not an object",
    ],
    ["matches", { matches: {}, descriptor: {} }, "matches is not a list"],
    ["Issues", { Issues: "none", Stats: {} }, "Issues is not a list"],
    [
      "vulnerabilities",
      { auditReportVersion: 2, vulnerabilities: [] },
      "vulnerabilities is not an object",
    ],
  ])("T24: %s of a wrong type is unreadable, not clean", (_name, document, reason) => {
    expect(readFindings("r.json", JSON.stringify(document))).toEqual({
      kind: "unreadable",
      reason,
    });
  });

  it.each([
    [
      "bandit",
      { errors: [{}], metrics: { _totals: {} }, results: [] },
      "bandit could not read 1 file",
    ],
    [
      "pip-audit",
      {
        dependencies: [
          { name: "a", skip_reason: "x" },
          { name: "b", skip_reason: "y" },
          { name: "c", version: "1", vulns: [] },
        ],
      },
      "pip-audit skipped 2 dependencies",
    ],
    [
      "gosec",
      { Issues: [], Stats: {}, "Golang errors": { "a.go": [{}] } },
      "gosec could not read 1 file",
    ],
    [
      "semgrep",
      { errors: [{ level: "error" }, { level: "warn" }], paths: {}, results: [] },
      "semgrep reports 1 error",
    ],
    [
      "checkov",
      {
        check_type: "terraform",
        results: { passed_checks: [{}], parsing_errors: ["a.tf", "b.tf"] },
        summary: {},
      },
      "checkov could not read 2 files",
    ],
  ])("%s says what was left out", (tool, document, problem) => {
    expect(readFindings(`${tool}.json`, JSON.stringify(document))).toMatchObject({
      report: { problems: [problem] },
    });
  });

  it("lists what was ignored on purpose, suppressed", () => {
    const trivy = {
      SchemaVersion: 2,
      Results: [
        {
          Target: "main.tf",
          ExperimentalModifiedFindings: [
            {
              Type: "misconfiguration",
              Status: "ignored",
              Statement: "known",
              Finding: { ID: "AVD-1", Severity: "HIGH" },
            },
          ],
          Misconfigurations: [
            { ID: "AVD-2", Status: "PASS" },
            { ID: "AVD-3", Status: "FAIL", Severity: "LOW" },
          ],
        },
      ],
    };
    expect(readFindings("t.json", JSON.stringify(trivy))).toMatchObject({
      report: {
        passed: 1,
        findings: [
          { rule: "AVD-3", suppressed: false },
          { rule: "AVD-1", suppressed: true, suppression: { justification: "known" } },
        ],
      },
    });
    const checkov = {
      check_type: "terraform",
      results: {
        failed_checks: [],
        skipped_checks: [
          { check_id: "CKV_1", check_name: "n", check_result: { suppress_comment: "fine" } },
        ],
      },
      summary: {},
    };
    expect(readFindings("c.json", JSON.stringify(checkov))).toMatchObject({
      report: {
        findings: [{ suppressed: true, suppression: { kind: "inSource", justification: "fine" } }],
      },
    });
    const tfsec = {
      results: [1, 2, 0].map((status) => ({
        rule_id: `r${status}`,
        severity: "LOW",
        location: { filename: "a.tf" },
        status,
      })),
    };
    expect(readFindings("f.json", JSON.stringify(tfsec))).toMatchObject({
      report: {
        passed: 1,
        findings: [
          { rule: "r2", suppressed: true },
          { rule: "r0", suppressed: false },
        ],
      },
    });
  });

  it("finds the applications inside a Snyk container scan, and a cluster's resources", () => {
    const snyk = {
      ok: false,
      vulnerabilities: [],
      applications: [
        {
          displayTargetFile: "app/package.json",
          vulnerabilities: [
            { id: "S", severity: "low", packageManager: "npm", name: "p", version: "1" },
          ],
        },
      ],
    };
    expect(readFindings("s.json", JSON.stringify(snyk))).toMatchObject({
      report: { findings: [{ package: "pkg:npm/p@1", path: "app/package.json" }] },
    });
    const cluster = {
      ClusterName: "c",
      Resources: [
        {
          Results: [
            {
              Target: "Deployment/a",
              Misconfigurations: [{ ID: "KSV1", Severity: "MEDIUM", Status: "FAIL" }],
              Licenses: [{ Name: "GPL-3.0", Severity: "HIGH", PkgName: "p" }],
            },
          ],
        },
      ],
    };
    expect(readFindings("k.json", JSON.stringify(cluster))).toMatchObject({
      report: { tool: "trivy", findings: [{ kind: "iac" }, { kind: "license", package: "p" }] },
    });
  });

  it("reads JSON lines", () => {
    const line = (n: number): string =>
      JSON.stringify({
        SourceMetadata: { Data: { Git: { file: "keys", line: n } } },
        DetectorName: "AWS",
        Verified: n === 1,
      });
    expect(readFindings("hog.json", `${line(1)}\n${line(2)}\n`)).toMatchObject({
      report: {
        tool: "trufflehog",
        findings: [{ title: "Working AWS secret" }, { title: "Unverified AWS secret" }],
      },
    });
  });
});
