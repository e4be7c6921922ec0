import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readServiceText } from "#core/formats/coverage/service-text.ts";
import { reportOf } from "../core/formats/coverage/fixtures.ts";
import { corpusPath, corpusTable, corpusText } from "./folder.ts";

/**
 * One row of TRUTH.csv counts a branching line of Istanbul's Clover as run when its `falsecount` is above 0. There
 * `falsecount` is the number of branches NOT taken, and the two lines in question have count="0". The report's own
 * metrics per file agree with 143, as the test below shows. Counted like the row, a run of this project's own tests
 * would be 37 % covered by its Clover file and 3 % by the lcov, Cobertura and JSON files written beside it.
 */
const disputed: Readonly<Record<string, { readonly covered: number; readonly pct: string }>> = {
  "coverage-model.clover.xml": { covered: 143, pct: "86.6667" },
};

describe("reports of real tools", () => {
  for (const row of corpusTable("coverage/TRUTH.csv")) {
    it(`${row["kind"]} ${row["file"]}: ${row["covered"]} of ${row["valid"]}`, () => {
      const file = row["file"] ?? "";
      const report = reportOf(readFileSync(corpusPath(`coverage/${file}`)), file);
      expect(report.formats).toEqual([row["kind"]]);
      expect(report.covered).toBe(disputed[file]?.covered ?? Number(row["covered"]));
      expect(report.valid).toBe(Number(row["valid"]));
      expect(report.percent?.toFixed(4)).toBe(disputed[file]?.pct ?? row["pct"]);
      expect(report.declared?.covered).toBe(
        row["declared_covered"] === "" ? undefined : Number(row["declared_covered"]),
      );
      expect(report.declared?.valid).toBe(
        row["declared_valid"] === "" ? undefined : Number(row["declared_valid"]),
      );
      expect(report.warnings.some((warning) => warning.includes("the lines count"))).toBe(
        row["agrees"] === "NO",
      );
    });
  }

  it("the disputed row: the report's own figures per file are those of its lines", () => {
    const text = corpusText("coverage/coverage-model.clover.xml");
    const own = [
      ...text.matchAll(/<file [^>]*>\s*<metrics statements="(\d+)" coveredstatements="(\d+)"/g),
    ].map((found) => [Number(found[2]), Number(found[1])]);
    expect(reportOf(text).files.map((file) => [file.covered, file.valid])).toEqual(own);
  });
});

describe("texts of real services", () => {
  for (const [i, row] of corpusTable("webhooks/check-outputs.csv").entries()) {
    const text = (row["text ( / = line break; <7-hex> = short commit)"] ?? "")
      .replaceAll(" / ", "\n")
      .replaceAll("<7-hex>", "1a2b3c4");
    // Comments have no check's name; their author is the service.
    const name =
      row["check_or_context"] === ""
        ? (row["tool"] ?? "")
        : (row["check_or_context"] ?? "").replace("/*", "/project");
    it(`row ${i + 1}, ${name}: ${text.split("\n")[0]} → ${row["coverage_number"] || "no number"}`, () => {
      expect(readServiceText({ name, text })?.percent).toBe(
        row["coverage_number"] === "" ? undefined : Number(row["coverage_number"]),
      );
    });
  }
});
