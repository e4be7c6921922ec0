import { describe, expect, it } from "vitest";
import {
  codeScanningAlertSchema,
  codeScanningAnalysisSchema,
  fromCodeScanningAlert,
  toolsThatScanned,
} from "#core/formats/findings/github/code-scanning.ts";
import {
  dependabotAlertSchema,
  fromDependabotAlert,
} from "#core/formats/findings/github/dependabot.ts";
import {
  addedDependencies,
  dependencyChangeSchema,
  fromDependencyReview,
} from "#core/formats/findings/github/dependency-review.ts";
import {
  fromSecretScanningAlert,
  secretScanningAlertSchema,
} from "#core/formats/findings/github/secret-scanning.ts";
import { isOpen, judgeDismissals } from "#core/formats/findings/suppression.ts";
import { aFinding } from "./builders.ts";

const author = { id: 7, login: "author" };

const codeAlert = (
  parts: object = {},
  rule: object = {},
  instance: object = {},
): ReturnType<typeof fromCodeScanningAlert> =>
  fromCodeScanningAlert(
    codeScanningAlertSchema.parse({
      number: 4,
      html_url: "https://github.com/o/r/security/code-scanning/4",
      state: "open",
      tool: { name: "CodeQL", version: "2.17", guid: null },
      rule: {
        id: "js/sqli",
        name: "js/sqli",
        severity: "error",
        security_severity_level: "critical",
        description: "SQL injection",
        tags: ["security"],
        ...rule,
      },
      most_recent_instance: {
        ref: "refs/pull/1/merge",
        state: "open",
        commit_sha: "abc",
        message: { text: "bad query" },
        location: { path: "src/a.js", start_line: 917, end_line: 917, start_column: 7 },
        ...instance,
      },
      dismissed_by: null,
      dismissed_reason: null,
      ...parts,
    }),
  );

describe("code scanning", () => {
  it("maps an alert", () => {
    expect(codeAlert()).toMatchObject({
      kind: "code",
      source: "code-scanning",
      tool: "codeql",
      rule: "js/sqli",
      severity: "critical",
      severitySource: "word",
      title: "SQL injection",
      message: "bad query",
      path: "src/a.js",
      startLine: 917,
      suppressed: false,
      url: "https://github.com/o/r/security/code-scanning/4",
    });
  });

  it.each([
    [
      "a level where there is no security severity",
      { security_severity_level: null },
      "high",
      "level",
    ],
    ["note", { security_severity_level: null, severity: "note" }, "low", "level"],
    ["nothing", { security_severity_level: null, severity: "none" }, "unrated", "none"],
  ])("rates %s", (_name, rule, severity, severitySource) => {
    expect(codeAlert({}, rule)).toMatchObject({ severity, severitySource });
  });

  it("a fixed alert is no finding, an unknown state is an open one", () => {
    expect(codeAlert({ state: "fixed" })).toBeNull();
    expect(codeAlert({}, {}, { state: "fixed" })).toBeNull();
    expect(codeAlert({ state: "dreaming" })?.suppressed).toBe(false);
    expect(codeAlert({ state: null, most_recent_instance: null })).toMatchObject({
      suppressed: false,
      path: undefined,
    });
  });

  it("has one fingerprint on every branch and commit", () => {
    const a = codeAlert();
    expect(
      codeAlert({}, {}, { location: { path: "src/a.js", start_line: 1 }, commit_sha: "def" })
        ?.fingerprint,
    ).toBe(a?.fingerprint);
    expect(codeAlert({ number: 5 })?.fingerprint).not.toBe(a?.fingerprint);
  });

  it("T26: an author's dismissal is taken back, another's stands, nobody's does not, and all are listed", () => {
    const dismissed = (by: unknown, number: number) =>
      codeAlert({
        number,
        state: "dismissed",
        dismissed_by: by,
        dismissed_reason: "won't fix",
        dismissed_comment: "later",
      });
    const findings = [
      dismissed(author, 1),
      dismissed({ id: 8, login: "lead" }, 2),
      dismissed(null, 3),
    ].flatMap((finding) => finding ?? []);
    expect(findings[0]).toMatchObject({
      suppressed: true,
      suppression: { kind: "dismissed", by: author, justification: "won't fix: later" },
    });
    const judged = judgeDismissals(findings, (by) => by.id === 8);
    expect(judged.findings.map((finding) => finding.suppressed)).toEqual([false, true, false]);
    expect(judged.refused).toHaveLength(2);
    expect(judged.accepted).toMatchObject([{ suppression: { by: { login: "lead" } } }]);
  });

  it("T26: suppressions inside reports are left as they are", () => {
    const inSource = aFinding({
      suppressed: true,
      suppression: { kind: "inSource", accepted: true },
    });
    expect(judgeDismissals([inSource], () => false)).toEqual({
      findings: [inSource],
      accepted: [],
      refused: [],
    });
  });

  it("T26: what counts now is what is open now", () => {
    const expiring = aFinding({
      suppressed: true,
      suppression: { kind: "external", accepted: true, expires: 1_000 },
    });
    const bare = aFinding({ suppressed: true });
    const open = (now: number): readonly boolean[] =>
      [expiring, bare, aFinding()].map((finding) => isOpen(finding, now));
    expect(open(999)).toEqual([false, false, true]);
    expect(open(1_000)).toEqual([true, false, true]);
  });

  const analysis = (name: string | null, commit_sha: string, error = "") =>
    codeScanningAnalysisSchema.parse({
      commit_sha,
      ref: "refs/heads/a",
      error,
      tool: { name, version: null },
      results_count: 0,
      id: 1,
    });

  it("T25: only analyses of exactly these commits prove a scan", () => {
    const analyses = [
      analysis("CodeQL", "head"),
      analysis("Semgrep OSS", "other"),
      analysis("zizmor", "head", "unable to process"),
      analysis("Trivy", "merge"),
      analysis("Trivy", "merge", "one of two failed"),
    ];
    expect(toolsThatScanned(analyses, ["head", "merge"])).toEqual({
      scanned: [
        { tool: "codeql", workflows: [] },
        { tool: "trivy", workflows: [] },
      ],
      failed: [{ tool: "zizmor", error: "unable to process" }],
    });
    expect(toolsThatScanned(analyses, ["elsewhere"])).toEqual({ scanned: [], failed: [] });
  });
});

describe("Dependabot", () => {
  const alert = (parts: object = {}): ReturnType<typeof fromDependabotAlert> =>
    fromDependabotAlert(
      dependabotAlertSchema.parse({
        number: 2,
        state: "open",
        html_url: "https://github.com/o/r/security/dependabot/2",
        dependency: {
          package: { ecosystem: "pip", name: "django" },
          manifest_path: "path/to/requirements.txt",
          scope: "runtime",
        },
        security_advisory: {
          ghsa_id: "GHSA-rf4j-j272-fj86",
          cve_id: "CVE-2018-6188",
          summary: "Leak",
          severity: "high",
          cvss: { score: 7.5, vector_string: null },
        },
        security_vulnerability: {
          package: { ecosystem: "pip", name: "django" },
          severity: "critical",
          vulnerable_version_range: ">= 2.0.0, < 2.0.2",
        },
        dismissed_by: null,
        ...parts,
      }),
    );

  it("maps an alert, by the severity of the vulnerability", () => {
    expect(alert()).toMatchObject({
      kind: "dependency",
      tool: "dependabot",
      rule: "GHSA-rf4j-j272-fj86",
      severity: "critical",
      severitySource: "word",
      package: "pkg:pypi/django",
      path: "path/to/requirements.txt",
      cvss: 7.5,
      aliases: ["CVE-2018-6188", "GHSA-RF4J-J272-FJ86"],
      suppressed: false,
    });
  });

  it.each([
    ["fixed", null],
    ["dismissed", true],
    ["auto_dismissed", true],
    ["open", false],
    ["something new", false],
  ])("state %s: suppressed %s", (state, suppressed) => {
    expect(alert({ state, dismissed_by: author })?.suppressed ?? null).toBe(suppressed);
  });
});

describe("dependency review", () => {
  const change = (parts: object = {}) =>
    dependencyChangeSchema.parse({
      change_type: "added",
      manifest: "package.json",
      ecosystem: "npm",
      name: "helmet",
      version: "4.6.0",
      package_url: "pkg:npm/helmet@4.6.0",
      license: "MIT",
      source_repository_url: "x",
      scope: "runtime",
      vulnerabilities: [],
      ...parts,
    });
  const vulnerability = {
    severity: "critical",
    advisory_ghsa_id: "GHSA-rf4j-j272-fj86",
    advisory_summary: "RCE",
    advisory_url: "https://github.com/advisories/GHSA-rf4j-j272-fj86",
  };

  it("lists what is added, with its licence", () => {
    expect(
      addedDependencies([
        change(),
        change({ change_type: "removed" }),
        change({ name: "x", package_url: null, license: null }),
      ]),
    ).toEqual([
      {
        package: "pkg:npm/helmet@4.6.0",
        name: "helmet",
        version: "4.6.0",
        manifest: "package.json",
        scope: "runtime",
        license: "MIT",
      },
      {
        package: "pkg:npm/x@4.6.0",
        name: "x",
        version: "4.6.0",
        manifest: "package.json",
        scope: "runtime",
        license: null,
      },
    ]);
  });

  it("finds the vulnerabilities of what is added, not of what goes", () => {
    const findings = fromDependencyReview([
      change({ vulnerabilities: [vulnerability] }),
      change({ change_type: "removed", vulnerabilities: [vulnerability] }),
    ]);
    expect(findings).toMatchObject([
      {
        kind: "dependency",
        source: "dependency-review",
        severity: "critical",
        package: "pkg:npm/helmet@4.6.0",
        aliases: ["GHSA-RF4J-J272-FJ86"],
      },
    ]);
  });

  it("a word it does not know hides nothing", () => {
    expect(
      fromDependencyReview([change({ change_type: "upgraded", vulnerabilities: [vulnerability] })]),
    ).toHaveLength(1);
  });
});

describe("secret scanning", () => {
  const alert = (parts: object = {}) =>
    fromSecretScanningAlert(
      secretScanningAlertSchema.parse({
        number: 2,
        state: "open",
        secret_type: "adafruit_io_key",
        secret_type_display_name: "Adafruit IO Key",
        secret: "aio_THEVALUE",
        validity: "inactive",
        first_location_detected: { path: "a.env", start_line: 3, end_line: 3, blob_sha: "x" },
        ...parts,
      }),
    );

  it("T51: an open secret is critical and its value goes nowhere", () => {
    expect(alert()).toMatchObject({
      kind: "secret",
      severity: "critical",
      rule: "adafruit_io_key",
      title: "Leaked Adafruit IO Key",
      path: "a.env",
      startLine: 3,
      suppressed: false,
      message: undefined,
    });
    expect(JSON.stringify(alert())).not.toContain("THEVALUE");
  });

  it("a resolved one is suppressed, by whom and why", () => {
    expect(
      alert({
        state: "resolved",
        resolution: "wont_fix",
        resolved_by: author,
        first_location_detected: { issue_body_url: "https://api" },
      }),
    ).toMatchObject({
      suppressed: true,
      path: undefined,
      suppression: { kind: "dismissed", by: author, justification: "wont_fix" },
    });
  });
});
