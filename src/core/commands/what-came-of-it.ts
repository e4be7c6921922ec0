import type { Act } from "#core/model/act.ts";
import type { Decision } from "#core/model/decision.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { approvals, approvalsTally } from "#core/rules/approvals/rule.ts";
import { leavesAt } from "./environment-rules.ts";

/** Whether an approval counts for the deployment; if not, `why` is the rule's own text. */
export type CameOfIt =
  { readonly counts: true } | { readonly counts: false; readonly why: string | null };

/**
 * What became of somebody's approval, from the facts on which the deployment was judged, so that nobody is asked again.
 * null: that cannot be told from them yet.
 */
export function whatCameOf(
  act: Pick<Act, "actor">,
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  { facts, decision }: { readonly facts: FactTable; readonly decision: Decision },
): CameOfIt | null {
  const asked = leavesAt(policy, subject.environment, approvals.name).filter(
    ({ rule }) => decision.rules.find(({ name }) => name === rule.name)?.verdict.kind !== "skipped",
  );
  const tallies = asked.map(({ rule, leaf }) =>
    approvalsTally(
      leaf.raw,
      { owner: rule.context.owner, agents: rule.context.agents, subject, now: decision.now },
      (need) => {
        const result = lookUp(facts, need);
        return result?.ok === true ? result.value : undefined;
      },
    ),
  );
  if (tallies.some((tally) => tally?.counted.some(({ by }) => by.id === act.actor.id)))
    return { counts: true };
  if (tallies.includes(undefined)) return null;
  const why = tallies
    .flatMap((tally) => tally?.discounted ?? [])
    .find(({ by }) => by.id === act.actor.id)?.why;
  return { counts: false, why: why ?? null };
}
