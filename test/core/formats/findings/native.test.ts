import { describe, expect, it } from "vitest";
import { nativeReaders } from "#core/formats/findings/native/index.ts";
import { countFindings } from "#core/formats/findings/read-files.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { nativeReports as reports } from "./native-reports.ts";

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
