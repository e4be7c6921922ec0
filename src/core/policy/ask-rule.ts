import type { FactTable, Need } from "#core/model/fact.ts";
import type { Subject } from "#core/model/subject.ts";
import type { Verdict } from "#core/model/verdict.ts";
import type { BoundRule } from "#core/rules/kit/rule.ts";
import type { AskedBefore } from "./asked-before.ts";
import type { EffectiveRule } from "./effective.ts";
import { askWhen, whenContext, type When, type WhenAnswer } from "./when/when.ts";

/** What planning and evaluation of one subject stand on. `now` is epoch ms. */
export interface Judgement {
  readonly subject: Subject;
  readonly facts: FactTable;
  readonly now: number;
}

/** Whether a rule applies, and what was asked for that. */
export function askWhether(
  when: When,
  rule: Pick<EffectiveRule, "context" | "source">,
  { subject, facts }: Judgement,
  before: AskedBefore,
): { readonly answer: WhenAnswer; readonly needs: readonly Need<unknown>[] } {
  return before.asking(when, [subject, rule.context, rule.source], facts, (ask) =>
    askWhen(when, whenContext(rule, subject), ask),
  );
}

/** What one requirement of a rule says, and what it asked for. A requirement that breaks throws. */
export function askRule(
  bound: BoundRule,
  { context }: Pick<EffectiveRule, "context">,
  { subject, facts, now }: Judgement,
  before: AskedBefore,
): { readonly answer: Verdict | undefined; readonly needs: readonly Need<unknown>[] } {
  return before.asking(bound, [subject, context, now], facts, (ask) =>
    bound.judge({ subject, policy: context, now }, ask),
  );
}
