import { rulesAt } from "#core/policy/rules-at.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { WaitingDeployment } from "./request.ts";

/**
 * The waiting deployment of the commit that an override is for: the one whose environment the reason begins with, else
 * the one that has waited longest where a rule of the override may be asked. null: none waits that it could let through.
 */
export function boundDeployment(
  policy: EffectivePolicy,
  deployments: readonly DeploymentRow[],
  sha: string,
  { rules, reason }: { readonly rules: readonly string[]; readonly reason: string },
): WaitingDeployment | null {
  const waiting = deployments
    .filter(
      (row) =>
        row.sha === sha &&
        row.gateRequestedAt !== null &&
        row.gateAnsweredAt === null &&
        rulesAt(policy, row.environment).some((rule) => rules.includes(rule.name)),
    )
    .toSorted((a, b) => a.createdAt - b.createdAt || a.deploymentId - b.deploymentId);
  const named = waiting.find(({ environment }) =>
    sameEnvironment(reason.trim().slice(0, environment.length), environment),
  );
  const found = named ?? waiting[0];
  return found === undefined ? null : { id: found.deploymentId, environment: found.environment };
}
