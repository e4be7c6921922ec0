/** Small reports in the shapes of the tools, written for the tests, and what of each is looked at. */
export const nativeReports: readonly (readonly [
  tool: string,
  document: unknown,
  finding: object | null,
])[] = [
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
