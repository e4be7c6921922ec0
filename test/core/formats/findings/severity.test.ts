import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRated, rate, scoreOf, severityOfScore } from "#core/formats/findings/severity.ts";
import { findingsOf, sarif } from "./builders.ts";

describe("severity law", () => {
  it.each([
    [10, "critical"],
    [9, "critical"],
    [8.99, "high"],
    [8.95, "high"],
    [7, "high"],
    [6.9, "medium"],
    [4, "medium"],
    [3.9, "low"],
    [0.1, "low"],
    [0.01, "low"],
    [0, null],
    [-1, null],
    [98, "critical"],
  ])("a security-severity of %s is %s", (score, severity) => {
    expect(severityOfScore(score)).toBe(severity);
  });

  it.each([
    ["9.8", 9.8],
    [" 7.5 ", 7.5],
    [5, 5],
    ["MEDIUM", null],
    ["", null],
    ["9,8", null],
    ["1e1", null],
    ["0x9", null],
    ["Infinity", null],
    [Number.POSITIVE_INFINITY, null],
    [null, null],
    [{}, null],
    [true, null],
    ["-3", null],
  ])("reads %j as the number %s", (value, score) => {
    expect(scoreOf(value)).toBe(score);
  });

  it.each([
    [
      "a number beats word and level",
      { scores: ["9.1"], word: "low", level: "note" },
      "critical",
      "numeric",
    ],
    ["the result's number beats the rule's", { scores: ["4.0", "9.9"] }, "medium", "numeric"],
    ["a word in place of the number", { scores: ["MEDIUM"], level: "error" }, "medium", "word"],
    ["the tool's own word beats the level", { word: "Moderate", level: "error" }, "medium", "word"],
    ["a zero says nothing", { scores: ["0.0"], level: "error" }, "high", "level"],
    [
      "a property word beats the level",
      { properties: [undefined, "low"], level: "error" },
      "low",
      "property",
    ],
    ["level error", { level: "ERROR" }, "high", "level"],
    ["level warning", { level: "warning" }, "medium", "level"],
    ["level note", { level: "note" }, "low", "level"],
    ["level none", { level: "none" }, "unrated", "none"],
    ["an unknown word", { word: "UNKNOWN" }, "unrated", "none"],
    ["nothing at all", {}, "unrated", "none"],
    ["a leaked secret that nobody rated", { kind: "secret", level: "warning" }, "critical", "none"],
    ["a leaked secret that its tool rated", { kind: "secret", word: "HIGH" }, "high", "word"],
    ["negligible is low", { word: "Negligible" }, "low", "word"],
  ] as const)("%s", (_name, claims, severity, severitySource) => {
    expect(rate(claims)).toEqual({ severity, severitySource });
  });

  it("rates more severely for a larger number, always", () => {
    const order = ["low", "medium", "high", "critical"];
    fc.assert(
      fc.property(
        fc.float({ min: Math.fround(0.01), max: 10, noNaN: true }),
        fc.float({ min: Math.fround(0.01), max: 10, noNaN: true }),
        (a, b) => {
          const [small, large] = [Math.min(a, b), Math.max(a, b)];
          expect(order.indexOf(severityOfScore(large) ?? "")).toBeGreaterThanOrEqual(
            order.indexOf(severityOfScore(small) ?? ""),
          );
        },
      ),
    );
  });

  it("counts only numbers and words as rated", () => {
    expect(isRated(rate({ scores: [5] }))).toBe(true);
    expect(isRated(rate({ word: "low" }))).toBe(true);
    expect(isRated(rate({ properties: ["low"] }))).toBe(false);
    expect(isRated(rate({ level: "error" }))).toBe(false);
  });

  it("finds the number on the result before the rule's", () => {
    const rules = [{ id: "r", properties: { "security-severity": "9.5" } }];
    const results = [
      { ruleId: "r", message: { text: "a" } },
      { ruleId: "r", message: { text: "b" }, properties: { "security-severity": 4.2 } },
    ];
    expect(
      findingsOf(sarif(results, { name: "T", rules })).map((finding) => finding.severity),
    ).toEqual(["critical", "medium"]);
  });
});
