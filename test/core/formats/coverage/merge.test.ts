import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hitsAt, packLines, uniteLines } from "#core/formats/coverage/line-hits.ts";
import { mergeReports } from "#core/formats/coverage/merge.ts";
import { type CoverageReport, isFailure } from "#core/formats/coverage/report.ts";
import { anLcov, linesOf, reportOf } from "./fixtures.ts";

function merged(...reports: readonly CoverageReport[]): CoverageReport {
  const report = mergeReports(reports);
  if (isFailure(report)) throw new Error(report.error);
  return report;
}

const summary = (
  files: Readonly<Record<string, readonly [covered: number, total: number]>>,
): CoverageReport =>
  reportOf(
    JSON.stringify(
      Object.fromEntries(
        Object.entries(files).map(([path, [covered, total]]) => [
          path,
          { lines: { covered, total } },
        ]),
      ),
    ),
  );

describe("mergeReports", () => {
  it("adds different files up and unites the lines of one file", () => {
    const unit = reportOf(anLcov({ "a.ts": { 1: 1, 2: 0, 3: 0 }, "b.ts": { 1: 0 } }));
    const integration = reportOf(anLcov({ "a.ts": { 2: 5, 4: 0 }, "c.ts": { 1: 2 } }));
    const both = merged(unit, integration);
    expect(linesOf(both)).toEqual({
      "a.ts": { 1: 1, 2: 5, 3: 0, 4: 0 },
      "b.ts": { 1: 0 },
      "c.ts": { 1: 2 },
    });
    expect([both.covered, both.valid, both.percent]).toEqual([3, 6, 50]);
  });

  it("measures a file once that several formats of one run describe", () => {
    const lcov = reportOf(anLcov({ "/w/a.ts": { 1: 1, 2: 0 } }));
    const figures = summary({ "/w/a.ts": [2, 2] });
    for (const report of [merged(lcov, figures), merged(figures, lcov)]) {
      expect([report.covered, report.valid]).toEqual([1, 2]);
      expect(report.warnings.join()).toContain("the lines count");
    }
    expect(merged(lcov, figures).formats).toEqual(["lcov", "istanbul_summary"]);
  });

  it("adds figures without lines up by file, and takes the better one for the same file", () => {
    const report = merged(
      summary({ "a.ts": [3, 10], "b.ts": [1, 1] }),
      summary({ "a.ts": [5, 10], "c.ts": [0, 4] }),
    );
    expect([report.covered, report.valid]).toEqual([6, 15]);
    expect(report.warnings.join()).toContain("not their sum");
  });

  it("leaves totals without files out, and says that it cannot add up nothing else", () => {
    const total = reportOf('{"total":{"lines":{"total":10,"covered":10}}}');
    const report = merged(total, reportOf(anLcov({ "a.ts": { 1: 0 } })));
    expect([report.covered, report.valid]).toEqual([0, 1]);
    expect(report.warnings.join()).toContain("left out");
    expect(mergeReports([total, total])).toHaveProperty("error");
    expect(mergeReports([])).toHaveProperty("error");
    expect(mergeReports([total])).toBe(total);
  });

  it("adds Go blocks up by position, in statements", () => {
    const one = reportOf("mode: set\nm/a.go:1.1,3.2 2 1\nm/a.go:5.1,6.2 3 0\n");
    const other = reportOf(
      "mode: set\nm/a.go:1.1,3.2 2 0\nm/a.go:5.1,6.2 3 4\nm/b.go:1.1,2.2 5 0\n",
    );
    const both = merged(one, other);
    expect([both.covered, both.valid]).toEqual([5, 10]);
    expect(hitsAt(both.files[0]?.lines ?? packLines(new Map()), 5)).toBe(4);
  });

  it("counts lines where one report has statements and the other lines", () => {
    const both = merged(
      reportOf("mode: set\na.go:1.1,2.2 9 0\n"),
      reportOf(anLcov({ "a.go": { 1: 1, 2: 0 } })),
    );
    expect([both.covered, both.valid]).toEqual([1, 2]);
    expect(both.warnings.join()).toContain("lines count");
  });

  it("does not turn coverage.py's docstrings into statements", () => {
    const py = (
      executed: readonly number[],
      missing: readonly number[],
      covered: number,
    ): CoverageReport =>
      reportOf(
        JSON.stringify({
          meta: {},
          files: {
            "a.py": {
              executed_lines: executed,
              missing_lines: missing,
              summary: { covered_lines: covered, num_statements: covered + missing.length },
            },
          },
        }),
      );
    const both = merged(py([1, 2, 3], [4, 5], 2), py([1, 2, 4], [3, 5], 2));
    expect([both.covered, both.valid]).toEqual([3, 4]);
  });

  it("keeps declared totals only where every report has them, and all flags", () => {
    const declared = { ...reportOf("SF:a\nDA:1,1\nLF:1\nLH:1\nend_of_record\n"), flags: ["unit"] };
    const silent = { ...reportOf(anLcov({ b: { 1: 1 } })), flags: ["e2e", "unit"] };
    expect(merged(declared, silent).declared).toBeUndefined();
    expect(merged(declared, declared).declared).toMatchObject({ covered: 2, valid: 2 });
    expect(merged(declared, silent).flags).toEqual(["unit", "e2e"]);
  });
});

describe("laws", () => {
  const lines = fc.dictionary(fc.integer({ min: 1, max: 60 }).map(String), fc.nat(3), {
    maxKeys: 20,
  });
  const report = fc
    .dictionary(fc.constantFrom("a.ts", "b.ts", "c.ts"), lines, { minKeys: 1 })
    .map((files) => reportOf(anLcov(files)));
  const shape = (one: CoverageReport): unknown => ({
    lines: Object.entries(linesOf(one)).sort(),
    covered: one.covered,
    valid: one.valid,
  });

  it("the order of reports does not matter, nor does the same report twice", () => {
    fc.assert(
      fc.property(report, report, report, (a, b, c) => {
        expect(shape(merged(a, b, c))).toEqual(shape(merged(c, a, b)));
        expect(shape(merged(a, b, c))).toEqual(shape(merged(merged(a, b), c)));
        expect(shape(merged(a, a))).toEqual(shape(a));
      }),
    );
  });

  it("united lines know what either knew, ascending, and counts saturate", () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const [one, other] = [a, b].map((of) =>
          packLines(new Map(Object.entries(of).map(([line, hits]) => [Number(line), hits]))),
        );
        const united = uniteLines(one ?? packLines(new Map()), other ?? packLines(new Map()));
        expect([...united.numbers]).toEqual(
          [...new Set([...Object.keys(a), ...Object.keys(b)].map(Number))].sort((x, y) => x - y),
        );
        for (const line of united.numbers)
          expect(hitsAt(united, line)).toBe(Math.max(a[line] ?? 0, b[line] ?? 0));
        expect(hitsAt(united, 61)).toBeUndefined();
      }),
    );
    expect(packLines(new Map([[1, 1e15]])).hits[0]).toBe(0xffff_ffff);
  });
});
