import type { DecisionKind, Hold, RuleOutcome } from "#core/model/decision.ts";

/** Whether an outcome is one that counts: active, and not let through by an override. */
function counts(outcome: RuleOutcome): boolean {
  return outcome.enforcement === "active" && outcome.overridden === undefined;
}

/** Any counted fail denies, any other unmet verdict or a hold waits, else it is allowed. The order of rules says nothing. */
export function combine(outcomes: readonly RuleOutcome[], holds: readonly Hold[]): DecisionKind {
  const counted = outcomes.filter(counts);
  if (counted.some((outcome) => outcome.verdict.kind === "fail" && outcome.holdsOnFail !== true))
    return "deny";
  const open = counted.some(
    ({ verdict }) =>
      verdict.kind === "fail" || verdict.kind === "pending" || verdict.kind === "unknown",
  );
  return open || holds.length > 0 ? "wait" : "allow";
}

/** The earliest instant after `now` at which the answer may change by itself: a verdict turns, or an override runs out. */
export function changesAt(outcomes: readonly RuleOutcome[], now: number): number | undefined {
  const times = outcomes
    .filter((outcome) => outcome.enforcement === "active")
    .flatMap(({ verdict, overridden }) => [verdict.changesAt, overridden?.expiresAt])
    .filter((time): time is number => time !== undefined && time > now);
  return times.length === 0 ? undefined : Math.min(...times);
}
