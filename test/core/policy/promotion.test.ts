import { describe, expect, it } from "vitest";
import { problemText } from "#core/yaml/problem.ts";
import { validatePolicy } from "#core/policy/validate.ts";

const step = (name: string, to: string, from: string): string =>
  `  - { name: ${name}, when: { environments: [${to}] }, require: { promoted_from: { environment: ${from} } } }\n`;
const errors = (...steps: readonly string[]): readonly string[] => {
  const { problems } = validatePolicy(`version: 1\nrules:\n${steps.join("")}`, {
    presets: new Map(),
  });
  return problems.filter(({ severity }) => severity === "error").map(problemText);
};

describe("an order of environments", () => {
  it.each([
    {
      what: "one step from an environment that no rule names",
      steps: [step("a", "production", "staging")],
    },
    {
      what: "rings up to the whole",
      steps: [
        step("a", "production-10", "staging"),
        step("b", "production-50", "production-10"),
        step("c", "production", "production-50"),
      ],
    },
    {
      what: "rings that say 100",
      steps: [
        step("a", "production-10", "staging"),
        step("b", "production-50", "production-10"),
        step("c", "production-100", "production-50"),
      ],
    },
    {
      what: "two regions from one ring",
      steps: [step("a", "production-eu", "staging"), step("b", "production-us", "staging")],
    },
    { what: "one numbered environment", steps: [step("a", "eu-1", "staging")] },
    { what: "a pattern", steps: [step("a", '"production*"', "staging")] },
    { what: "a canary", steps: [step("a", "production", "production-canary")] },
  ])("$what is fine", ({ steps }) => {
    expect(errors(...steps)).toEqual([]);
  });

  it.each([
    {
      row: 53,
      what: "the same step twice",
      steps: [step("a", "production", "staging"), step("b", "production", "Staging")],
      says: /duplicate: production is promoted from staging already \(rule "a"\)/,
    },
    {
      row: 53,
      what: "an environment named twice",
      steps: [step("a", "production, production", "staging")],
      says: /duplicate/,
    },
    {
      row: 53,
      what: "a slip of the pen",
      steps: [step("a", "staging", "test"), step("b", "production", "stagign")],
      says: /no rule names an environment "stagign"; did you mean "staging"\?/,
    },
    {
      row: 53,
      what: "itself",
      steps: [step("a", "production", "production")],
      says: /production is promoted from itself/,
    },
    {
      row: 53,
      what: "a circle",
      steps: [step("a", "staging", "production"), step("b", "production", "staging")],
      says: /which in the end is promoted from/,
    },
    {
      row: 55,
      what: "rings that end at 50",
      steps: [step("a", "production-10", "staging"), step("b", "production-50", "production-10")],
      says: /the rings of production end at 50 of 100: add a rule for production/,
    },
  ])("row $row: $what is an error at its line", ({ steps, says }) => {
    const found = errors(...steps);
    expect(found.join("\n")).toMatch(says);
    expect(found[0]).toMatch(/^\d+:\d+: /);
  });
});
