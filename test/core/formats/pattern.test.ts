import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesPattern, patternLength, patternProblem } from "#core/formats/pattern.ts";
import { patience } from "../../support/patience.ts";

describe("matchesPattern", () => {
  it.each([
    ["^feat", "feat: x", true],
    ["^feat", "fix: feat", false],
    ["feat", "fix: feat", true],
    ["(?i)HOTFIX", "a hotfix", true],
    ["[A-Z]+-\\d+", "see ABC-12", true],
    ["^\\S+$", "two words", false],
    ["ü", "grün", true],
  ])("%j in %j is %s", (source, text, expected) => {
    expect(matchesPattern(source, text)).toBe(expected);
  });

  it.each([
    ["(?=a)b", /look-around/],
    ["(a)\\1", /back-references/],
    ["(a", /missing closing/],
    ["", /matches everything/],
    ["a".repeat(patternLength + 1), /at most 1000/],
    ["(((a{100}){100}){100})", /repeat/],
    ["\\pL{900}", /repeats too much/],
  ])("refuses %j", (source, words) => {
    expect(patternProblem(source)).toMatch(words);
    expect(matchesPattern(source, "aaa")).toBe(false);
  });

  it.each(["(a+)+$", "(a|aa)+$", "(.*)(.*)(.*)(.*)[ab]$", "^(([a-z])+.)+[A-Z]([a-z])+$"])(
    "T19: %s takes linear time on a hostile text",
    (source) => {
      expect(patternProblem(source)).toBeNull();
      const start = performance.now();
      matchesPattern(source, `${"a".repeat(65_000)}!`);
      expect(performance.now() - start).toBeLessThan(2_000 * patience);
    },
  );

  it("never throws, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (source, text) => {
        expect(typeof matchesPattern(source, text)).toBe("boolean");
      }),
    );
  });

  it("keeps answering alike while its cache overflows", () => {
    for (let i = 0; i < 1_500; i++) expect(matchesPattern(`^a${i}$`, `a${i}`)).toBe(true);
    expect(matchesPattern("^a0$", "a0")).toBe(true);
  });
});
