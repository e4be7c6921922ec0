import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enforcements, type RuleOutcome } from "#core/model/decision.ts";
import type { Override } from "#core/model/override.ts";
import { verdictKinds, type VerdictKind } from "#core/model/verdict.ts";
import { changesAt, combine } from "#core/policy/combine.ts";
import { alice } from "../build.ts";
import { verdictOf } from "./a-rule.ts";

const anOverride = (expiresAt: number): Override => ({
  id: "o",
  name: "emergency",
  rules: ["a"],
  sha: "s",
  by: alice,
  confirmedBy: [],
  reason: "fire",
  grantedAt: 0,
  expiresAt,
});

const outcome = (kind: VerdictKind, over: Partial<RuleOutcome> = {}): RuleOutcome => ({
  name: kind,
  description: "",
  source: "repository",
  enforcement: "active",
  verdict: verdictOf(kind),
  ...over,
});
const aHold = { by: "bob", reason: "", at: 0 };

describe("combine", () => {
  it.each<[string, readonly RuleOutcome[], "allow" | "deny" | "wait"]>([
    ["nothing", [], "allow"],
    ["passes", [outcome("pass")], "allow"],
    ["skipped rules", [outcome("skipped")], "allow"],
    ["one pending", [outcome("pass"), outcome("pending")], "wait"],
    ["one unknown", [outcome("pass"), outcome("unknown")], "wait"],
    ["one fail", [outcome("unknown"), outcome("fail")], "deny"],
    ["a fail that is only shown", [outcome("fail", { enforcement: "evaluate" })], "allow"],
    ["a disabled fail", [outcome("fail", { enforcement: "disabled" })], "allow"],
    [
      "an overridden fail",
      [outcome("fail", { overridden: anOverride(1) }), outcome("pass")],
      "allow",
    ],
    [
      "an overridden fail beside another",
      [outcome("fail", { overridden: anOverride(1) }), outcome("fail")],
      "deny",
    ],
    ["a fail that holds", [outcome("fail", { holdsOnFail: true })], "wait"],
  ])("%s", (_name, outcomes, expected) => {
    expect(combine(outcomes, [])).toBe(expected);
  });

  it("a hold makes it wait, and never makes it better", () => {
    expect(combine([outcome("pass")], [aHold])).toBe("wait");
    expect(combine([outcome("fail")], [aHold])).toBe("deny");
  });

  const outcomes = fc.array(
    fc
      .record({
        kind: fc.constantFrom(...verdictKinds),
        enforcement: fc.constantFrom(...enforcements),
        isOverridden: fc.boolean(),
      })
      .map(({ kind, enforcement, isOverridden }) =>
        outcome(kind, { enforcement, ...(isOverridden ? { overridden: anOverride(1) } : {}) }),
      ),
    { maxLength: 8 },
  );

  it("is free of order", () => {
    fc.assert(
      fc.property(
        outcomes,
        fc.nat(),
        (list, by) =>
          combine(list, []) ===
          combine(
            [...list.slice(by % (list.length + 1)), ...list.slice(0, by % (list.length + 1))],
            [],
          ),
      ),
    );
  });

  it("allows only where no counted verdict is unmet", () => {
    fc.assert(
      fc.property(outcomes, (list) => {
        const unmet = list.some(
          (each) =>
            each.enforcement === "active" &&
            each.overridden === undefined &&
            ["fail", "pending", "unknown"].includes(each.verdict.kind),
        );
        expect(combine(list, []) === "allow").toBe(!unmet);
      }),
    );
  });

  it("one rule more never makes it better", () => {
    const rank = { allow: 2, wait: 1, deny: 0 } as const;
    fc.assert(
      fc.property(
        outcomes,
        outcomes,
        (list, more) => rank[combine([...list, ...more], [])] <= rank[combine(list, [])],
      ),
    );
  });
});

describe("changesAt", () => {
  it.each<[string, readonly RuleOutcome[], number | undefined]>([
    ["never", [outcome("pass")], undefined],
    [
      "when a window opens",
      [outcome("pending", { verdict: verdictOf("pending", { changesAt: 50 }) })],
      50,
    ],
    [
      "when a window closes under a pass",
      [
        outcome("pass", { verdict: verdictOf("pass", { changesAt: 40 }) }),
        outcome("pending", { verdict: verdictOf("pending", { changesAt: 50 }) }),
      ],
      40,
    ],
    ["when an override runs out", [outcome("fail", { overridden: anOverride(30) })], 30],
    [
      "not in the past",
      [outcome("pending", { verdict: verdictOf("pending", { changesAt: 9 }) })],
      undefined,
    ],
    [
      "not now: it has been judged",
      [outcome("pending", { verdict: verdictOf("pending", { changesAt: 10 }) })],
      undefined,
    ],
    [
      "not for a rule that only shows",
      [
        outcome("pending", {
          enforcement: "evaluate",
          verdict: verdictOf("pending", { changesAt: 50 }),
        }),
      ],
      undefined,
    ],
  ])("%s", (_name, outcomes, expected) => {
    expect(changesAt(outcomes, 10)).toBe(expected);
  });
});
