import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutAlternates, type PlacedReport } from "#core/formats/coverage/alternates.ts";
import { mayBeCoverage, readEntry } from "#core/formats/coverage/entry.ts";
import { measure, needsAllPaths } from "#core/formats/coverage/measure.ts";
import { readCoverage } from "#core/formats/coverage/read.ts";
import type { CoverageReport } from "#core/formats/coverage/report.ts";

const reportOf = (name: string, text: string): CoverageReport => {
  const report = readCoverage(name, text);
  if ("error" in report) throw new Error(report.error);
  return report;
};
const lcov = (files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(
      ([path, rows]) =>
        `SF:${path}\n${rows
          .split(" ")
          .map((row) => `DA:${row}`)
          .join("\n")}\nend_of_record`,
    )
    .join("\n");
const placed = (name: string, text: string, artifact = "coverage"): PlacedReport => ({
  artifact,
  name,
  report: reportOf(name, text),
});
const summary = (
  covered: number,
  total: number,
  files: Readonly<Record<string, unknown>> = {},
): string =>
  JSON.stringify({
    total: { lines: { total, covered, skipped: 0, pct: (covered / total) * 100 } },
    ...files,
  });
const added = (
  path: string,
  lines: number,
): { readonly path: string; readonly additions: number; readonly patch: string } => ({
  path,
  additions: lines,
  patch: `@@ -0,0 +1,${lines} @@\n${"+x\n".repeat(lines).trimEnd()}`,
});

describe("files of an artifact", () => {
  it.each<[string, string, string, boolean]>([
    ["coverage/lcov.info", lcov({ "a.ts": "1,1" }), "report", true],
    ["lcov.info", "", "broken", true],
    ["coverage.xml", '<coverage line-rate="1" lines-valid="1"><pack', "broken", true],
    ["anything.xml", '<coverage line-rate="1" lines-valid="1"><pack', "broken", true],
    ["coverage-final.json", '{"a":', "broken", true],
    ["coverage-badge.json", '{"schemaVersion":1}', "other", true],
    ["tsconfig.json", "{", "other", true],
    ["junit.xml", "<testsuites></testsuites>", "other", true],
    ["cover.out", "mode: set\nx/a.go:1.1,2.2 1 1\n", "report", true],
    ["lcov-report/index.html", "<html>", "other", false],
    ["coverage/lcov-report/base.json", "{}", "other", false],
  ])("%s is told by content, then by name", (name, text, kind, looked) => {
    expect(mayBeCoverage(name)).toBe(looked);
    if (looked) expect(readEntry(name, text).kind).toBe(kind);
  });

  it("law: nothing that is cut off becomes a measurement with less in it", () => {
    const whole = lcov({ "src/a.ts": "1,1 2,0 3,4", "src/b.ts": "1,0" });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
        const entry = readEntry("lcov.info", whole.slice(0, length));
        return entry.kind !== "report" || entry.report.valid <= 4;
      }),
    );
  });
});

describe("one measurement in several formats", () => {
  const clover =
    '<coverage clover="3.2.0" generated="1"><project timestamp="1" name="x"><file name="a.ts" path="/w/src/a.ts"><line num="1" count="1" type="stmt"/><line num="2" count="0" type="stmt"/></file></project></coverage>';
  it.each<[string, readonly PlacedReport[], readonly string[]]>([
    [
      "side by side: the most exact",
      [
        placed("c/clover.xml", clover),
        placed("c/lcov.info", lcov({ "src/a.ts": "1,1 2,0" })),
        placed(
          "c/coverage-summary.json",
          summary(1, 2, {
            "/w/src/a.ts": { lines: { total: 2, covered: 1, skipped: 0, pct: 50 } },
          }),
        ),
      ],
      ["c/lcov.info"],
    ],
    [
      "in another folder: another measurement",
      [placed("a/clover.xml", clover), placed("b/lcov.info", lcov({ "src/a.ts": "1,1" }))],
      ["a/clover.xml", "b/lcov.info"],
    ],
    [
      "in another artifact: another measurement",
      [
        placed("clover.xml", clover),
        placed("lcov.info", lcov({ "src/a.ts": "1,1" }), "coverage-e2e"),
      ],
      ["clover.xml", "lcov.info"],
    ],
    [
      "of other files: another measurement",
      [placed("clover.xml", clover), placed("lcov.info", lcov({ "src/b.ts": "1,1" }))],
      ["clover.xml", "lcov.info"],
    ],
    [
      "of one format: both",
      [
        placed("a.info", lcov({ "src/a.ts": "1,1" })),
        placed("b.info", lcov({ "src/a.ts": "1,1" })),
      ],
      ["a.info", "b.info"],
    ],
  ])("%s", (_title, reports, kept) => {
    expect(withoutAlternates(reports).map(({ name }) => name)).toEqual(kept);
  });
});

describe("measuring", () => {
  it("adds up reports and lays the diff under them", () => {
    const measured = measure(
      [
        placed("a/lcov.info", lcov({ "src/a.ts": "1,1 2,0" })),
        placed("b/lcov.info", lcov({ "src/b.ts": "1,1" })),
      ],
      [added("src/a.ts", 2)],
      null,
    );
    expect(measured).toMatchObject({
      covered: 2,
      valid: 3,
      patch: {
        covered: 1,
        valid: 2,
        unseen: [],
        uncovered: [{ path: "src/a.ts", from: 2, to: 2, lines: 1 }],
      },
    });
  });
  it("counts lines of a changed file that no report knows", () => {
    expect(
      measure(
        [placed("lcov.info", lcov({ "src/a.ts": "1,1" }))],
        [added("src/new.ts", 7), added("README.md", 3)],
        null,
      ),
    ).toMatchObject({
      patch: { percent: null, unseen: [{ path: "src/new.ts", lines: 7, why: "unmeasured" }] },
    });
  });
  it("counts the lines that a cut patch hides", () => {
    const measured = measure(
      [placed("lcov.info", lcov({ "src/a.ts": "1,1 2,1 3,0" }))],
      [{ path: "src/a.ts", additions: 10, patch: "@@ -0,0 +1,2 @@\n+x\n+x" }],
      null,
    );
    expect(measured).toMatchObject({
      patch: { covered: 2, valid: 2, unseen: [{ path: "src/a.ts", lines: 8, why: "unreadable" }] },
    });
  });
  it.each<[string, readonly PlacedReport[]]>([
    [
      "T24: 0 of 0",
      [
        placed(
          "coverage-summary.json",
          JSON.stringify({ total: { lines: { total: 0, covered: 0, skipped: 0, pct: 100 } } }),
        ),
      ],
    ],
    ["T24: no report at all", []],
    [
      "totals that cannot be added up",
      [
        placed("a/coverage-summary.json", summary(1, 2)),
        placed("b/coverage-summary.json", summary(1, 2)),
      ],
    ],
  ])("%s is no measurement", (_title, reports) => {
    expect(measure(reports, null, null)).toHaveProperty("error");
  });
  it("says why there is no patch figure", () => {
    expect(
      measure([placed("coverage-summary.json", summary(9, 10))], [added("src/a.ts", 1)], null),
    ).toMatchObject({ patch: null, noPatch: "the report gives totals without lines" });
    expect(measure([placed("lcov.info", lcov({ "src/a.ts": "1,1" }))], null, null)).toMatchObject({
      patch: null,
      noPatch: "there is no diff",
    });
  });
  it.each<[string, string, boolean]>([
    ["the report's own path", "src/a.ts", false],
    ["a path below a folder", "web/src/a.ts", true],
    ["a file of a kind that is not measured", "README.md", false],
  ])(
    "asks for all paths only where the changed ones do not stand in the report: %s",
    (_title, path, needed) => {
      expect(
        needsAllPaths([placed("lcov.info", lcov({ "src/a.ts": "1,1" }))], [added(path, 1)]),
      ).toBe(needed);
    },
  );
});
