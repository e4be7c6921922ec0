import { describe, expect, it } from "vitest";
import type { ScanReport } from "#core/formats/findings/finding.ts";
import { isObject, listOf, type JsonObject } from "#core/formats/findings/json.ts";
import { readFindingFiles } from "#core/formats/findings/read-files.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { rowsOf, type SarifRow } from "#core/formats/findings/sarif/rows.ts";
import { scoreOf, severityOfScore } from "#core/formats/findings/severity.ts";
import { corpusTable, corpusText, type CorpusRow } from "./folder.ts";

const families = new Set([
  "codeql",
  "semgrep",
  "trivy",
  "grype",
  "snyk",
  "gosec",
  "gitleaks",
  "zizmor",
  "eslint",
]);

const rowsIn = (text: string): SarifRow[] => {
  const document: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
  const runs = listOf((document as JsonObject)["runs"]).filter(isObject);
  return runs.flatMap((run) => rowsOf(run).rows ?? []);
};

const nameOf = (run: ScanReport["runs"][number]): string =>
  [run.toolName ?? "None", run.toolVersion].filter((part) => part !== null).join(" ");

/** Every column of the truth table, computed from what the reader saw. */
function columnsOf(row: CorpusRow, report: ScanReport, rows: readonly SarifRow[]): CorpusRow {
  const count = (test: (one: SarifRow) => boolean): string => String(rows.filter(test).length);
  const level = (name: string): string => count((one) => one.level === name);
  const score = (one: SarifRow): number | null => scoreOf(one.securitySeverities[0]);
  const bucket = (name: string): string =>
    count((one) => severityOfScore(score(one) ?? 0) === name);
  return {
    file: row["file"] ?? "",
    tool: families.has(report.tool) ? report.tool : "other",
    tool_names: report.runs.map(nameOf).join(" + "),
    runs: String(report.runs.length),
    results: String(report.findings.length + report.passed),
    error: level("error"),
    warning: level("warning"),
    note: level("note"),
    none: level("none"),
    other_level: count((one) => !["error", "warning", "note", "none"].includes(one.level)),
    level_inherited: count((one) => one.levelInherited),
    sev_critical: bucket("critical"),
    sev_high: bucket("high"),
    sev_medium: bucket("medium"),
    sev_low: bucket("low"),
    sev_absent: count((one) => one.securitySeverities.length === 0),
    sev_not_a_number: count((one) => one.securitySeverities.length > 0 && score(one) === null),
    suppressed: String(report.findings.filter((finding) => finding.suppressed).length),
    no_location: count((one) => listOf(one.result["locations"]).length === 0),
    rule_not_found: count((one) => one.rule === undefined),
    problem: "",
  };
}

describe("SARIF of real tools", () => {
  const truth = corpusTable("sarif/TRUTH.csv");

  it.each(truth.filter((row) => row["problem"] === ""))("$file: every column", (row) => {
    const text = corpusText(`sarif/${row["file"] ?? ""}`);
    const reading = readFindings(row["file"] ?? "", text);
    expect(reading.kind).toBe("report");
    if (reading.kind === "report")
      expect(columnsOf(row, reading.report, rowsIn(text))).toEqual(row);
  });

  it.each(truth.filter((row) => row["problem"] !== ""))("$file: unreadable, and said so", (row) => {
    const [answer] = readFindingFiles([
      { file: row["file"] ?? "", text: corpusText(`sarif/${row["file"] ?? ""}`) },
    ]);
    expect(answer).toEqual({ file: row["file"], error: "runs[0].results is not a list" });
  });

  it.each(truth.filter((row) => row["problem"] === ""))(
    "$file: the answer of read findings",
    (row) => {
      const file = row["file"] ?? "";
      const text = corpusText(`sarif/${file}`);
      const [answer] = readFindingFiles([{ file, text }]);
      const number = (column: string): number => Number(row[column]);
      // Words in place of a number (Semgrep's) are the tool's own severities and rate as well.
      const wordy = rowsIn(text)
        .map((one) => one.securitySeverities[0])
        .filter((value) => typeof value === "string" && scoreOf(value) === null);
      const word = (name: string): number => wordy.filter((value) => value === name).length;
      expect(answer).toMatchObject({
        file,
        results: number("results"),
        critical: number("sev_critical") + word("CRITICAL"),
        high: number("sev_high") + word("HIGH"),
        medium: number("sev_medium") + word("MEDIUM"),
        low: number("sev_low") + word("LOW") + word("INFO"),
        unrated: number("sev_absent"),
        suppressed: number("suppressed"),
      });
    },
  );

  it("a report in the same shape, written for this test", () => {
    const rules = [
      {
        id: "a",
        defaultConfiguration: { level: "error" },
        properties: { "security-severity": "9.1" },
      },
      { id: "b", properties: { "security-severity": "HIGH" } },
    ];
    const results = [
      { ruleIndex: 0 },
      { ruleId: "b", level: "NOTE", suppressions: [{ kind: "inSource" }] },
      { ruleId: "c" },
    ];
    const text = JSON.stringify({
      version: "2.1.0",
      runs: [
        { tool: { driver: { name: "LGTM.com", version: "1.2", rules } }, results },
        { tool: { driver: { name: null } } },
      ],
    });
    const reading = readFindings("x.sarif", text);
    if (reading.kind !== "report") throw new Error(reading.reason);
    expect(columnsOf({ file: "x.sarif" }, reading.report, rowsIn(text))).toEqual({
      file: "x.sarif",
      tool: "codeql",
      tool_names: "LGTM.com 1.2 + None",
      runs: "2",
      results: "3",
      error: "1",
      warning: "1",
      note: "0",
      none: "0",
      other_level: "1",
      level_inherited: "2",
      sev_critical: "1",
      sev_high: "0",
      sev_medium: "0",
      sev_low: "0",
      sev_absent: "1",
      sev_not_a_number: "1",
      suppressed: "1",
      no_location: "3",
      rule_not_found: "1",
      problem: "",
    });
    expect(readFindingFiles([{ file: "x.sarif", text }])).toEqual([
      {
        file: "x.sarif",
        tool: "codeql",
        results: 3,
        critical: 1,
        high: 1,
        medium: 0,
        low: 0,
        unrated: 1,
        suppressed: 1,
        problems: [expect.stringContaining("a tool without a name")],
      },
    ]);
  });
});
