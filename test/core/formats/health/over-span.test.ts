import { describe, expect, it } from "vitest";
import { overSpan } from "#core/formats/health/over-span.ts";
import { keepsTo, parseComparison, worstOf } from "#core/formats/health/comparison.ts";
import type { Series } from "#core/formats/health/series.ts";

const most = { operator: "<=", to: 1 } as const;
/** A value every 10, for 15; `.` is a missing one. */
const line = (text: string): Series => ({
  points: [...text].flatMap((each, index) =>
    each === "." ? [] : [{ at: index * 10, value: Number(each) }],
  ),
  reachMs: 15,
});
const over = (from: number, until: number, ...lines: string[]) =>
  overSpan(lines.map(line), most, { from, until });

describe("how lines keep to a comparison over a span", () => {
  it.each([
    ["all the while", over(0, 40, "00000"), { keeps: true, since: 0, brokenAt: null, gapAt: null }],
    ["not at first", over(0, 40, "02000"), { keeps: true, since: 20, brokenAt: 10, gapAt: null }],
    ["not now", over(0, 40, "00022"), { keeps: false, since: 30, brokenAt: 40, value: 2 }],
    ["not before the span", over(20, 40, "22000"), { since: 20, brokenAt: null, gapAt: null }],
    ["with a gap", over(0, 40, "00.00"), { keeps: true, since: 30, brokenAt: null, gapAt: 30 }],
    ["without its beginning", over(0, 40, "..000"), { keeps: true, since: 20, gapAt: 20 }],
    ["without its end", over(0, 40, "000.."), { value: null, keeps: false, gapAt: 40 }],
    ["with nothing", over(0, 40, "....."), { value: null, keeps: false, gapAt: 40 }],
    ["without any line", over(0, 40), { value: null, keeps: false, gapAt: 40 }],
    ["one of two not", over(0, 40, "00000", "00200"), { keeps: true, since: 30, brokenAt: 20 }],
    ["one of two not now", over(0, 40, "00000", "00003"), { keeps: false, value: 3, since: 40 }],
    ["one of two gone", over(0, 40, "00000", "000.."), { value: null, keeps: false, gapAt: 40 }],
    ["one of two new", over(0, 40, "00000", "...00"), { keeps: true, gapAt: 30, since: 30 }],
  ])("%s", (_title, found, expected) => {
    expect(found).toMatchObject(expected);
  });

  it("what was measured last before the span speaks for its beginning, unless that is too long ago", () => {
    const late = line("0....00");
    expect(overSpan([late], most, { from: 12, until: 60 }).gapAt).toBe(50);
    expect(overSpan([{ ...late, reachMs: 100 }], most, { from: 12, until: 60 }).gapAt).toBeNull();
    const bad = line("2000000");
    expect(overSpan([bad], most, { from: 5, until: 60 }).brokenAt).toBe(5);
    expect(overSpan([bad], most, { from: 10, until: 60 }).brokenAt).toBeNull();
  });

  it("a line may begin late by the grace, and no later", () => {
    const late = [line("..000")];
    expect(overSpan(late, most, { from: 0, until: 40, graceMs: 20 }).gapAt).toBeNull();
    expect(overSpan(late, most, { from: 0, until: 40, graceMs: 19 }).gapAt).toBe(20);
  });
});

describe("comparisons", () => {
  it.each([
    ["<= 0.01", 0.01, true],
    ["<0.01", 0.01, false],
    [">= 99.9", 99.9, true],
    ["> 1e3", 1_000, false],
    ["= 1", 1, true],
    ["== -2.5", -2.5, true],
    ["!= 0", 0, false],
    ["!= 0", Number.NaN, false],
    ["< 5", -Infinity, false],
  ])("%s of %d: %s", (text, value, is) => {
    const comparison = parseComparison(text);
    expect(comparison && keepsTo(comparison, value)).toBe(is);
  });

  it.each(["", "5", "<=", "<= x", "=> 5", "< 5 or > 7", "<= 1e999", "<= 5%", "≤ 5", "< 0x10"])(
    "%j is none",
    (text) => {
      expect(parseComparison(text)).toBeUndefined();
    },
  );

  it.each([
    ["<= 1", [0, 3, 2], 3],
    [">= 1", [5, 0, 2], 0],
    ["== 1", [1, 4, -3], -3],
    ["!= 1", [9, 1, 3], 1],
  ])("the worst for %s of %j is %d", (text, values, worst) => {
    expect(worstOf(parseComparison(text) ?? most, values)).toBe(worst);
  });
});
