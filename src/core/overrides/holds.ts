import { isHoldLabel } from "#core/model/hold-label.ts";
import type { Act } from "#core/model/act.ts";
import type { Hold } from "#core/model/decision.ts";

/**
 * What holds a pull request: the last of /hold and /unhold, and hold labels. A push lifts none of them. `acts`: in
 * the order in which they were written.
 */
export function holdsInForce(acts: readonly Act[], labels: readonly string[]): readonly Hold[] {
  const last = acts.findLast((act) => act.kind === "hold" || act.kind === "unhold");
  const said: readonly Hold[] =
    last?.kind === "hold" ? [{ by: last.actor.login, reason: last.reason, at: last.at }] : [];
  return [
    ...said,
    ...labels.filter(isHoldLabel).map((label) => ({ by: "", reason: "", at: 0, label })),
  ];
}

const untold = (what: string): Hold => ({
  by: "",
  reason: `${what} cannot be read, so nobody can say whether one of them holds it`,
  at: 0,
  label: "",
});

/** Labels that cannot be read may hold, so they do (fail closed). */
export const labelsUntold = untold("the labels");
export const commentsUntold = untold("the comments");
