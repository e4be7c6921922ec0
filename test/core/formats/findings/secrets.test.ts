import { describe, expect, it } from "vitest";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { atLine, sarif } from "./builders.ts";

const value = "hunter2-THE-secret-VALUE";

const reports: readonly (readonly [name: string, text: string])[] = [
  [
    "gitleaks 8",
    JSON.stringify([
      {
        RuleID: "key",
        Description: "A key",
        File: "a.env",
        StartLine: 2,
        Match: `k=${value}`,
        Secret: value,
        Message: value,
        Author: value,
        Fingerprint: value,
        Tags: [value],
      },
    ]),
  ],
  [
    "gitleaks 7",
    JSON.stringify([
      {
        rule: "key",
        file: "a.env",
        line: `k=${value}`,
        offender: value,
        lineNumber: 3,
        commitMessage: value,
      },
    ]),
  ],
  [
    "trufflehog",
    JSON.stringify({
      SourceMetadata: { Data: { Git: { file: "a.env", line: 4, email: value } } },
      DetectorName: "AWS",
      Verified: true,
      Raw: value,
      RawV2: value,
      Redacted: value,
      ExtraData: { a: value },
    }),
  ],
  [
    "trivy",
    JSON.stringify({
      SchemaVersion: 2,
      ArtifactName: ".",
      Results: [
        {
          Target: "a.env",
          Class: "secret",
          Secrets: [
            {
              RuleID: "key",
              Severity: "HIGH",
              Title: "A key",
              StartLine: 5,
              Match: value,
              Code: { Lines: [{ Content: value }] },
            },
          ],
        },
      ],
    }),
  ],
  [
    "semgrep secrets",
    JSON.stringify({
      errors: [],
      paths: {},
      results: [
        {
          check_id: "key",
          path: "a.env",
          start: { line: 6 },
          extra: {
            severity: "ERROR",
            message: `found ${value}`,
            lines: value,
            metavars: { $X: { abstract_content: value } },
            metadata: { category: "secrets" },
          },
        },
      ],
    }),
  ],
  [
    "gitleaks SARIF",
    sarif(
      [
        {
          ruleId: "key",
          message: { text: `key ${value} detected` },
          locations: atLine("a.env", 7),
          partialFingerprints: { commitMessage: value },
          properties: { offender: value },
        },
      ],
      { name: "gitleaks" },
    ),
  ],
  [
    "checkov secrets",
    JSON.stringify({
      check_type: "secrets",
      results: {
        failed_checks: [
          {
            check_id: "CKV_SECRET_2",
            check_name: "A key",
            resource: value,
            file_path: "/a.env",
            file_line_range: [8, 9],
            code_block: [[8, value]],
          },
        ],
      },
      summary: {},
    }),
  ],
];

describe("secrets", () => {
  it.each(reports)("T51: %s: the value is in no field, the place is", (_name, text) => {
    const reading = readFindings("report.json", text);
    expect(reading).toMatchObject({
      kind: "report",
      report: { findings: [{ kind: "secret", path: "a.env", message: undefined }] },
    });
    expect(JSON.stringify(reading)).not.toContain("hunter2");
  });

  it.each(reports.filter(([name]) => !/trivy|semgrep/.test(name)))(
    "%s: critical, and rated by nobody",
    (_name, text) => {
      expect(readFindings("report.json", text)).toMatchObject({
        report: { findings: [{ severity: "critical", severitySource: "none" }] },
      });
    },
  );
});
