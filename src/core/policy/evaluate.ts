import type { Decision, Hold, RuleOutcome } from "#core/model/decision.ts";
import { draftState } from "#core/facts/pull-request.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import type { Override } from "#core/model/override.ts";
import { gateOf, type Subject } from "#core/model/subject.ts";
import { isUnmet, skipped, unknown, type Verdict } from "#core/model/verdict.ts";
import type { BoundRule } from "#core/rules/kit/rule.ts";
import { changesAt, combine } from "./combine.ts";
import { all, any } from "#core/rules/kit/compose.ts";
import type { EffectivePolicy, EffectiveRule } from "./effective.ts";
import { asking, unreadOf } from "#core/facts/read-table.ts";
import { askRule, askWhether, type Judgement } from "./ask-rule.ts";
import { type AskedBefore, askedBefore } from "./asked-before.ts";
import { boundLeaves, type Requirement } from "./requirement.ts";
import { unreadable } from "./unreadable.ts";
import { askWhen, factsOfWhen, whenContext, type WhenAnswer } from "./when/when.ts";

/** `overrides` are granted, confirmed, and bound to the judged commit; the evaluation looks at rules and expiry only. */
export interface EvaluationInput {
  readonly policy: EffectivePolicy;
  readonly subject: Subject;
  readonly facts: FactTable;
  /** Epoch ms. */
  readonly now: number;
  readonly holds: readonly Hold[];
  readonly overrides: readonly Override[];
  /** What the planning of this judgement asked: what it was answered is not worked out a second time. */
  readonly before?: AskedBefore | undefined;
}

/** Judges one subject: a total function of policy, facts and now. What cannot be read or breaks is `unknown`, which never allows. */
export function evaluate(input: EvaluationInput): Decision {
  const { policy, subject, now, holds } = input;
  const before = input.before ?? askedBefore();
  const rules = policy.rules
    .filter((rule) => rule.gates.includes(gateOf(subject)))
    .map((rule) => outcomeOf(rule, input, before));
  const at = changesAt(rules, now);
  return {
    kind: combine(rules, holds),
    subject,
    rules,
    warnings: policy.warnings,
    holds,
    now,
    ...(at === undefined ? {} : { changesAt: at }),
    ...(isJudgedAsDraft(input) ? { asDraft: true } : {}),
  };
}

/** Whether a rule was left out that applies to the same change once it is no draft any more. */
function isJudgedAsDraft({ policy, subject, facts }: EvaluationInput): boolean {
  const need = draftState.need();
  const draft = lookUp(facts, need);
  if (subject.kind !== "pull_request" || draft?.ok !== true || !draft.value) return false;
  const ready: FactTable = new Map(facts).set(need.key, { ...draft, value: false });
  return policy.rules.some((rule) => {
    const { when, enforcement, gates } = rule;
    if (when === null || enforcement !== "active" || !gates.includes(gateOf(subject))) return false;
    const applies = (table: FactTable): WhenAnswer =>
      asking(table, (ask) => askWhen(when, whenContext(rule, subject), ask)).answer;
    return applies(facts) === false && applies(ready) !== false;
  });
}

function outcomeOf(rule: EffectiveRule, input: EvaluationInput, before: AskedBefore): RuleOutcome {
  const verdict =
    rule.enforcement === "disabled"
      ? skipped({ found: "disabled by the policy", required: describe(rule.requirement) })
      : judgeSafely(rule, input, before);
  const overridden = isUnmet(verdict) ? overrideFor(rule.name, input) : undefined;
  return {
    name: rule.name,
    description: rule.description,
    source: rule.source,
    enforcement: rule.enforcement,
    verdict,
    ...(overridden === undefined ? {} : { overridden }),
    ...(rule.holdsOnFail && input.subject.kind === "deployment" ? { holdsOnFail: true } : {}),
  };
}

/** A rule that no override of the policy lists can never be overridden, whatever was recorded. */
export function overrideFor(
  rule: string,
  { overrides, policy, now }: EvaluationInput,
): Override | undefined {
  return overrides.find((override) => {
    const definition = policy.overrides.find((each) => each.name === override.name);
    return (
      definition?.rules.includes(rule) === true &&
      override.rules.includes(rule) &&
      override.expiresAt > now
    );
  });
}

/** A rule that throws is a defect of Gatehouse; it must neither allow nor hide the other rules. */
function judgeSafely(rule: EffectiveRule, input: Judgement, before: AskedBefore): Verdict {
  try {
    return judge(rule, input, before);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return unknown({
      found: `could not be judged: ${reason}`,
      required: describe(rule.requirement),
      need: `Rule ${rule.name} could not be judged`,
      next: "This is a defect of Gatehouse; the people who run it look at its log.",
    });
  }
}

function judge(rule: EffectiveRule, judgement: Judgement, before: AskedBefore): Verdict {
  const { when, requirement } = rule;
  if (when !== null) {
    const { answer, needs } = askWhether(when, rule, judgement, before);
    if (answer === false)
      return skipped({ found: "does not apply here (when)", required: describe(requirement) });
    if (answer === "unknown")
      return unreadable(
        unreadOf(judgement.facts, needs),
        `${describe(requirement)}, where it applies`,
        factsOfWhen(when),
      );
  }
  return judgeRequirement(requirement, (bound) => judgeOne(bound, rule, judgement, before));
}

function judgeRequirement(
  requirement: Requirement,
  judged: (bound: BoundRule) => Verdict,
): Verdict {
  switch (requirement.kind) {
    case "one":
      return judged(requirement.bound);
    case "all":
      return all(requirement.of.map((part) => judgeRequirement(part, judged)));
    case "any":
      return any(requirement.of.map((part) => judgeRequirement(part, judged)));
  }
}

/** If a fact that the rule asked for cannot be read, the verdict is `unknown`, whatever the rule returned. */
function judgeOne(
  bound: BoundRule,
  rule: EffectiveRule,
  judgement: Judgement,
  before: AskedBefore,
): Verdict {
  const { answer, needs } = askRule(bound, rule, judgement, before);
  const unread = unreadOf(judgement.facts, needs);
  if (unread.length > 0) return unreadable(unread, bound.describe, bound.needs);
  if (answer === undefined) throw new Error("it said nothing of facts that were all read");
  return answer;
}

function describe(requirement: Requirement): string {
  return boundLeaves(requirement)
    .map((leaf) => leaf.describe)
    .join(requirement.kind === "any" ? " or " : " and ");
}
