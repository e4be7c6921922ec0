import { describe, expect, it } from "vitest";
import { flagOfArtifact, reportsWithFlag, withFlags } from "#core/formats/coverage/flags.ts";
import {
  patchCoverage,
  projectDrop,
  rangesToShow,
  type UncoveredRange,
} from "#core/formats/coverage/patch.ts";
import { anLcov, reportOf } from "./fixtures.ts";

/** A patch that adds `count` lines from line `from` on. */
const adding = (from: number, count: number): string =>
  `@@ -${from - 1},1 +${from - 1},${count + 1} @@\n context\n${"+x\n".repeat(count)}`;

describe("patchCoverage", () => {
  const report = reportOf(
    anLcov({
      "src/a.ts": { 1: 1, 10: 1, 11: 0, 13: 0, 14: 1, 15: 0, 30: 0 },
      "src/b.ts": { 2: 1 },
    }),
  );

  it("counts the added lines that the report measures, and groups the uncovered ones", () => {
    const patch = patchCoverage(report, [
      { path: "src/a.ts", patch: adding(10, 7), additions: 7 },
      { path: "src/b.ts", patch: adding(2, 1) },
    ]);
    expect([patch.covered, patch.valid, patch.percent]).toEqual([3, 6, 50]);
    expect(patch.uncovered).toEqual([
      { path: "src/a.ts", from: 11, to: 13, lines: 2 },
      { path: "src/a.ts", from: 15, to: 15, lines: 1 },
    ]);
    expect([patch.unmeasured, patch.unreadable]).toEqual([[], []]);
  });

  it("does not join uncovered lines over lines that were not added", () => {
    const two = "@@ -10,1 +10,2 @@\n a\n+b\n@@ -11,1 +12,2 @@\n c\n+d";
    expect(
      patchCoverage(report, [{ path: "src/a.ts", patch: two }]).uncovered.map(({ from, to }) => [
        from,
        to,
      ]),
    ).toEqual([
      [11, 11],
      [13, 13],
    ]);
  });

  it("a file of the same language is of the same kind, whatever its ending", () => {
    const changed = ["src/new.tsx", "src/new.mts", "src/new.jsx"].map((path) => ({
      path,
      patch: adding(2, 3),
    }));
    expect(patchCoverage(report, changed).unmeasured).toEqual(["src/new.tsx", "src/new.mts"]);
  });

  it("T24: says which changed files it does not measure instead of counting them as covered", () => {
    const patch = patchCoverage(report, [
      { path: "src/new.ts", patch: adding(2, 3) },
      { path: "README.md", patch: adding(2, 1) },
    ]);
    expect(patch).toMatchObject({
      covered: 0,
      valid: 0,
      percent: undefined,
      unmeasured: ["src/new.ts"],
    });
  });

  it("T24: a change of documents alone measures nothing and misses nothing", () => {
    expect(patchCoverage(report, [{ path: "README.md", patch: adding(2, 1) }])).toMatchObject({
      percent: undefined,
      unmeasured: [],
      unreadable: [],
    });
  });

  it("says which patches it could not see whole: absent, cut off, or with fewer lines than GitHub counts", () => {
    const patch = patchCoverage(report, [
      { path: "src/a.ts", additions: 9000 },
      { path: "src/b.ts", patch: "@@ -1,1 +1,9 @@\n a\n+b" },
    ]);
    expect(patch.unreadable).toEqual(["src/a.ts", "src/b.ts"]);
    expect(
      patchCoverage(report, [{ path: "src/b.ts", patch: adding(2, 1), additions: 40 }]).unreadable,
    ).toEqual(["src/b.ts"]);
  });

  it("asks nothing of files that only lose lines, nor of files the report gives figures for only", () => {
    expect(patchCoverage(report, [{ path: "src/a.ts", additions: 0 }])).toMatchObject({
      unreadable: [],
      unmeasured: [],
    });
    const figures = reportOf('{"src/a.ts":{"lines":{"total":4,"covered":4}}}');
    expect(patchCoverage(figures, [{ path: "src/a.ts", patch: adding(2, 1) }])).toMatchObject({
      percent: undefined,
      unmeasured: ["src/a.ts"],
    });
  });
});

describe("rangesToShow", () => {
  const range = (path: string, from: number, lines: number): UncoveredRange => ({
    path,
    from,
    to: from + lines - 1,
    lines,
  });

  it("shows the largest in reading order, and says how much is left", () => {
    const all = [
      range("b.ts", 5, 1),
      range("a.ts", 9, 4),
      range("a.ts", 1, 2),
      range("c.ts", 1, 1),
    ];
    expect(rangesToShow(all, 2)).toEqual({
      ranges: [range("a.ts", 1, 2), range("a.ts", 9, 4)],
      moreRanges: 2,
      moreLines: 2,
    });
    expect(rangesToShow(all, 50)).toMatchObject({ moreRanges: 0, moreLines: 0 });
    expect(rangesToShow(all, 0)).toEqual({ ranges: [], moreRanges: 4, moreLines: 8 });
  });
});

describe("projectDrop", () => {
  it.each([
    [80, 79, 1],
    [80, 80.5, -0.5],
    [0.3, 0.1, 0.2],
    [undefined, 80, undefined],
    [80, undefined, undefined],
  ])("from %s to %s: %s", (base, head, drop) => expect(projectDrop(base, head)).toBe(drop));
});

describe("flags", () => {
  it.each([
    ["coverage", undefined],
    ["coverage-backend", "backend"],
    ["backend-coverage", "backend"],
    ["coverage_unit.linux", "unit.linux"],
    ["code-coverage-report", undefined],
    ["coverage-report-web", "web"],
    ["Coverage-Results", undefined],
  ])("artifact %s: %s", (artifact, flag) => expect(flagOfArtifact(artifact)).toBe(flag));

  it("selects reports by flag", () => {
    const plain = reportOf(anLcov({ a: { 1: 1 } }));
    const web = withFlags(plain, ["Web"]);
    expect(withFlags(plain, [])).toBe(plain);
    expect(withFlags(web, ["Web", "e2e"]).flags).toEqual(["Web", "e2e"]);
    expect(reportsWithFlag([plain, web], "web")).toEqual([web]);
  });
});
