import { describe, expect, it } from "vitest";
import type { Finding } from "#core/formats/findings/finding.ts";
import { countFindings } from "#core/formats/findings/read-files.ts";
import { readFindings } from "#core/formats/findings/read-findings.ts";
import { corpusTable, corpusText } from "./folder.ts";

/** Severities as the tools write them (column `by_severity_as_written`), in our words. */
const ours: Readonly<Record<string, string>> = {
  critical: "critical",
  high: "high",
  medium: "medium",
  moderate: "medium",
  low: "low",
  negligible: "low",
};

describe("native JSON of real scanners", () => {
  it.each(corpusTable("scanner-native/TRUTH.csv"))("$file: $findings findings of $tool", (row) => {
    const file = row["file"] ?? "";
    const reading = readFindings(file, corpusText(`scanner-native/${file}`));
    expect(reading).toMatchObject({
      kind: "report",
      report: { tool: row["tool"], format: "native" },
    });
    const answer = countFindings(file, reading);
    if ("error" in answer || reading.kind !== "report") throw new Error("unreadable");
    expect(answer.results).toBe(Number(row["findings"]));

    const expected = { critical: 0, high: 0, medium: 0, low: 0, unrated: 0 };
    let written = 0;
    for (const [, word = "", count = ""] of (row["by_severity_as_written"] ?? "").matchAll(
      /(\w+):(\d+)/g,
    )) {
      const name = ours[word.toLowerCase()] ?? "unrated";
      expected[name as Finding["severity"]] += Number(count);
      written += Number(count);
    }
    expected.unrated += Number(row["findings"]) - written;
    const { critical, high, medium, low, unrated, suppressed } = answer;
    expect({ critical, high, medium, low, unrated, suppressed }).toEqual({
      ...expected,
      suppressed: 0,
    });
  });

  it("a scan that failed reports nothing found and proves no scan", () => {
    const row = corpusTable("scanner-native/TRUTH.csv").find(
      (one) => one["file"] === "npm-audit__empty_with_error.json",
    );
    if (row === undefined) return;
    const reading = readFindings(
      row["file"] ?? "",
      corpusText(`scanner-native/${row["file"] ?? ""}`),
    );
    expect(reading).toMatchObject({
      report: {
        runs: [{ tool: "npm-audit", scanned: false }],
        problems: [expect.stringContaining("ENOAUDIT")],
      },
    });
  });
});
