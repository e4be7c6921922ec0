import type { Finding } from "#core/formats/findings/finding.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";

let serial = 0;

/** A finding with everything in order, each with a fingerprint of its own. */
export function aFinding(parts: Partial<Finding> = {}): Finding {
  serial += 1;
  return {
    id: `semgrep:rule:${serial}`,
    kind: "code",
    source: "artifacts",
    tool: "semgrep",
    rule: "js/eval",
    severity: "high",
    severitySource: "word",
    title: "Eval of input",
    path: "src/a.ts",
    startLine: 10,
    endLine: 12,
    fingerprint: String(serial).padStart(64, "0"),
    suppressed: false,
    aliases: [],
    ...parts,
  };
}

/** A SARIF document with one run of one tool. */
export const sarif = (
  results: unknown,
  driver: Record<string, unknown> = { name: "Tool" },
  run: Record<string, unknown> = {},
): string => JSON.stringify({ version: "2.1.0", runs: [{ tool: { driver }, results, ...run }] });

export const atLine = (uri: string, startLine: number): unknown[] => [
  { physicalLocation: { artifactLocation: { uri }, region: { startLine } } },
];

/** The findings of a report that must be readable. */
export function findingsOf(text: string, file = "report.json"): readonly Finding[] {
  const reading = readFindings(file, text);
  if (reading.kind !== "report") throw new Error(reading.reason);
  return reading.report.findings;
}
