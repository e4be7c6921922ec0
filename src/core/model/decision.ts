import type { Override } from "./override.ts";
import type { Subject } from "./subject.ts";
import { isUnmet, type Verdict } from "./verdict.ts";

/** GitHub rulesets' words for whether a rule counts. */
export const enforcements = ["active", "evaluate", "disabled"] as const;
export type Enforcement = (typeof enforcements)[number];

export type RuleSource = "organization" | "repository";

/** One rule's verdict on the subject. `overridden` leaves the verdict as it was and says who let it through. */
export interface RuleOutcome {
  readonly name: string;
  readonly description: string;
  readonly source: RuleSource;
  readonly enforcement: Enforcement;
  readonly verdict: Verdict;
  readonly overridden?: Override | undefined;
  /** A deployment rule whose unmet verdict holds instead of rejecting (`on_fail: hold`). */
  readonly holdsOnFail?: boolean | undefined;
}

type Weighed = Pick<RuleOutcome, "enforcement" | "verdict" | "overridden">;

/** Whether it says anything about the answer: active, and not let through by an override. */
export const counts = ({
  enforcement,
  overridden,
}: Pick<Weighed, "enforcement" | "overridden">): boolean =>
  enforcement === "active" && overridden === undefined;

/** Whether it keeps the subject from being let through. */
export const holdsBack = (outcome: Weighed): boolean => counts(outcome) && isUnmet(outcome.verdict);

export const decisionKinds = ["allow", "deny", "wait"] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/**
 * All verdicts combined. A function of (policy, facts, now) and nothing else.
 * `changesAt` is the earliest instant (epoch ms) at which the answer may change by itself.
 */
export interface Decision {
  readonly kind: DecisionKind;
  readonly subject: Subject;
  readonly rules: readonly RuleOutcome[];
  /** Trouble with the policy itself (an attempt to loosen, a last good policy in use …), shown to people. */
  readonly warnings: readonly string[];
  readonly holds: readonly Hold[];
  readonly now: number;
  readonly changesAt?: number | undefined;
  /** It was a draft, and a rule that looks at that did not apply: such an answer says nothing of what is merged. */
  readonly asDraft?: true | undefined;
}

/** Somebody said `/hold`, or a `do-not-merge` label stands (then `label` names it, and `by` and `at` say nothing). */
export interface Hold {
  readonly by: string;
  readonly reason: string;
  readonly at: number;
  readonly label?: string | undefined;
}
