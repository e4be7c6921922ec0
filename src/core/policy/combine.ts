import {
  counts,
  holdsBack,
  type Decision,
  type DecisionKind,
  type Hold,
  type RuleOutcome,
} from "#core/model/decision.ts";

/** Any counted fail denies, any other unmet verdict or a hold waits, else it is allowed. The order of rules says nothing. */
export function combine(outcomes: readonly RuleOutcome[], holds: readonly Hold[]): DecisionKind {
  const counted = outcomes.filter(counts);
  if (counted.some((outcome) => outcome.verdict.kind === "fail" && outcome.holdsOnFail !== true))
    return "deny";
  return counted.some(holdsBack) || holds.length > 0 ? "wait" : "allow";
}

/** The earliest instant after `now` at which the answer may change by itself: a verdict turns, or an override runs out. */
export function changesAt(outcomes: readonly RuleOutcome[], now: number): number | undefined {
  const times = outcomes
    .filter((outcome) => outcome.enforcement === "active")
    .flatMap(({ verdict, overridden }) => [verdict.changesAt, overridden?.expiresAt])
    .filter((time): time is number => time !== undefined && time > now);
  return times.length === 0 ? undefined : Math.min(...times);
}

/**
 * The instant after which an allow must be judged again before it is relied on: a verdict may change, or evidence
 * of a pass is too old.
 */
export function endOfAllow({
  rules,
  changesAt: turns,
}: Pick<Decision, "rules" | "changesAt">): number | undefined {
  const ends = rules
    .filter(({ enforcement, verdict }) => enforcement === "active" && verdict.kind === "pass")
    .flatMap(({ verdict }) => verdict.goodUntil ?? [])
    .concat(turns ?? []);
  return ends.length === 0 ? undefined : Math.min(...ends);
}
