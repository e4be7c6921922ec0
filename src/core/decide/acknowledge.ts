import { deploymentApprovals } from "#core/facts/deployment-approvals.ts";
import { sameCommitDeployments } from "#core/facts/deployments.ts";
import type { RuleOutcome } from "#core/model/decision.ts";
import { type FactTable, lookUp } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { boundLeaves } from "#core/policy/requirement.ts";
import { waitsAtMostMs } from "#core/deployments/longest-wait.ts";
import { knownGood, rollbackFor } from "#core/deployments/rollback.ts";

/** Requirements that a newer scanner may turn against code that ran here for long. */
const turnedByTime: readonly string[] = ["findings"];

/**
 * A commit that ran here before may have a critical finding now. A roll back to it is still possible if somebody
 * with the right to do so marked it: the verdict stays, and the person who accepted it is recorded.
 */
export function acknowledged(
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  facts: FactTable,
  now: number,
  outcomes: readonly RuleOutcome[],
): readonly RuleOutcome[] {
  const words = lookUp(facts, deploymentApprovals.need());
  const before = lookUp(facts, sameCommitDeployments.need());
  if (words?.ok !== true || before?.ok !== true || knownGood(before.value, subject) === null)
    return outcomes;
  const act = rollbackFor(words.value, before.value, subject, now);
  if (act === null) return outcomes;
  return outcomes.map((outcome) => {
    const rule = policy.rules.find((each) => each.name === outcome.name);
    const isTurned =
      rule !== undefined &&
      outcome.verdict.kind === "fail" &&
      boundLeaves(rule.requirement).every((leaf) => turnedByTime.includes(leaf.name));
    if (!isTurned || outcome.overridden !== undefined) return outcome;
    return {
      ...outcome,
      overridden: {
        id: act.id,
        name: "rollback",
        rules: [outcome.name],
        sha: subject.sha,
        by: act.actor,
        confirmedBy: [],
        reason: act.reason,
        grantedAt: act.at,
        expiresAt: act.expiresAt ?? act.at + waitsAtMostMs,
      },
    };
  });
}
