import { dedupe } from "#core/formats/findings/dedupe.ts";
import { bySeverity, severities } from "#core/formats/findings/finding.ts";
import { nativeReaders } from "#core/formats/findings/native/index.ts";
import { countFindings } from "#core/formats/findings/read-files.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { promise, textOf, type FuzzTarget } from "../target.ts";
import { nativeReports } from "../../core/formats/findings/native-reports.ts";

const sarif = {
  version: "2.1.0",
  $schema: "https://json.schemastore.org/sarif-2.1.0.json",
  runs: [
    {
      tool: {
        driver: {
          name: "CodeQL",
          version: "2.1",
          rules: [
            {
              id: "js/x",
              defaultConfiguration: { level: "error" },
              properties: { "security-severity": "9.8", tags: ["security"] },
              shortDescription: { text: "x" },
            },
          ],
        },
        extensions: [{ name: "pack", rules: [] }],
      },
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
      originalUriBaseIds: { SRC: { uri: "file:///src/" } },
      artifacts: [{ location: { uri: "src/a.ts", uriBaseId: "SRC" } }],
      results: [
        {
          ruleId: "js/x",
          ruleIndex: 0,
          level: "warning",
          kind: "fail",
          message: { text: "bad {0}", arguments: ["thing"] },
          baselineState: "new",
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: "src/a.ts", index: 0 },
                region: { startLine: 3, endLine: 4 },
              },
            },
          ],
          partialFingerprints: { primaryLocationLineHash: "abc:1" },
          suppressions: [{ kind: "inSource", status: "accepted" }],
        },
      ],
    },
  ],
};

/** Reports of scanners: SARIF, and what each of them writes of its own. */
export const target: FuzzTarget = {
  name: "findings",
  corpus: [sarif, ...nativeReports.map(([, document]) => document)].map((report) =>
    JSON.stringify(report),
  ),
  read: (input) => {
    const text = textOf(input);
    for (const name of [
      "report.json",
      `${nativeReaders[input.length % nativeReaders.length]?.tool ?? ""}.json`,
    ]) {
      const reading = readFindings(name, text);
      if (reading.kind === "unreadable") {
        // What the reader did not expect itself.
        promise(reading.reason !== "reading it failed", "a reader says what is wrong");
        continue;
      }
      countFindings(name, reading);
      for (const { severity, fingerprint } of dedupe(reading.report.findings).toSorted(
        bySeverity,
      )) {
        promise(severities.includes(severity), "a severity is one of ours");
        promise(fingerprint !== "", "a finding has a fingerprint");
      }
    }
  },
};
