import { rulesAt } from "#core/policy/rules-at.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import type { WaitingDeployment } from "./request.ts";

/** The deployments of the commit that an override may be for, the one that has waited longest first. */
export function waitingForOverride(
  policy: EffectivePolicy,
  deployments: readonly DeploymentRow[],
  sha: string,
  rules: readonly string[],
): readonly WaitingDeployment[] {
  return deployments
    .filter(
      (row) =>
        row.sha === sha &&
        row.gateRequestedAt !== null &&
        row.gateAnsweredAt === null &&
        rulesAt(policy, row.environment).some((rule) => rules.includes(rule.name)),
    )
    .toSorted((a, b) => a.createdAt - b.createdAt || a.deploymentId - b.deploymentId)
    .map(({ deploymentId, environment }) => ({ id: deploymentId, environment }));
}
