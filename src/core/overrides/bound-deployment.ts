import { isOnItsWay } from "#core/deployments/on-its-way.ts";
import { rulesAt } from "#core/policy/rules-at.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { WaitingDeployment } from "./request.ts";

/**
 * The deployments of the commit that an override may be for, the one that has waited longest first. A question over the API
 * that nobody asks any more waits for nothing.
 */
export function waitingForOverride(
  policy: EffectivePolicy,
  deployments: readonly DeploymentRow[],
  sha: string,
  rules: readonly string[],
  now: number,
): readonly WaitingDeployment[] {
  return deployments
    .filter(
      (row) =>
        row.sha === sha &&
        row.gateRequestedAt !== null &&
        row.gateAnsweredAt === null &&
        (row.question === undefined || isOnItsWay(row, now)) &&
        rulesAt(policy, row.environment).some((rule) => rules.includes(rule.name)),
    )
    .toSorted((a, b) => a.createdAt - b.createdAt || a.deploymentId - b.deploymentId)
    .map(({ deploymentId, environment }) => ({ id: deploymentId, environment }));
}
