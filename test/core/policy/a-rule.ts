import { z } from "zod";
import { defineFact } from "#core/model/fact.ts";
import type { Enforcement } from "#core/model/decision.ts";
import {
  fail,
  pass,
  pending,
  skipped,
  unknown,
  type Verdict,
  type VerdictKind,
} from "#core/model/verdict.ts";
import type { EffectivePolicy, EffectiveRule } from "#core/policy/effective.ts";
import type { Requirement } from "#core/policy/requirement.ts";
import { bindWhen } from "#core/policy/when/when.ts";
import { defineRule, type Rule } from "#core/rules/kit/rule.ts";
import { effective } from "./some-policy.ts";

/** A fact of no real rule: what a made-up requirement judges on. */
export const mood = defineFact<string, VerdictKind>({
  name: "mood",
  summary: "How a made-up requirement feels.",
  changedBy: ["mood.changed"],
  permissions: ["metadata"],
  cost: 3,
  describe: (who) => `the mood of ${who}`,
});

const make = { pass, fail, pending, skipped, unknown } as const;

export const verdictOf = (kind: VerdictKind, over: Partial<Verdict> = {}): Verdict => ({
  ...make[kind]({
    found: `${kind} found`,
    required: "something",
    need: kind === "pass" ? "" : `needs ${kind}`,
    next: "wait",
  }),
  ...over,
});

/** A requirement that judges as its fact says. */
export function moody(who: string, over: Partial<Rule<null>> = {}): Requirement {
  const rule = defineRule<null>({
    name: `moody-${who}`,
    summary: "Judges as its fact says.",
    appliesTo: ["pull_request", "deployment"],
    params: z.null(),
    needs: () => [mood],
    judge: (_context, ask) => {
      const kind = ask(mood.need(who));
      return kind && verdictOf(kind);
    },
    describe: () => `a good mood of ${who}`,
    ...over,
  });
  return { kind: "one", rule, raw: null, bound: rule.bind(null) };
}

export function aRule(
  name: string,
  requirement: Requirement,
  over: Partial<Omit<EffectiveRule, "when">> & {
    readonly enforcement?: Enforcement;
    readonly when?: unknown;
  } = {},
): EffectiveRule {
  const { when, ...rest } = over;
  return {
    name,
    description: "",
    source: "repository",
    gates: ["pull_request"],
    enforcement: "active",
    when: when === undefined ? null : bindWhen(when),
    requirement,
    holdsOnFail: false,
    context: { owner: "acme" },
    ...rest,
  };
}

export function aPolicy(
  rules: readonly EffectiveRule[],
  over: Partial<EffectivePolicy> = {},
): EffectivePolicy {
  return { ...effective({ own: "enforcement: disabled\n" }), rules, ...over };
}
