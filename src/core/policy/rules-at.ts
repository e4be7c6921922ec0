import type { EffectivePolicy, EffectiveRule } from "./effective.ts";
import type { When } from "./when/when.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";

export const probe = (environment: string): DeploymentSubject => ({
  kind: "deployment",
  repository: 0,
  deploymentId: 0,
  environment,
  sha: "",
  ref: "",
  runId: null,
});

/**
 * Whether a `when` may hold for deployments to the environment, judged by its name alone. When in doubt it may: the
 * decision is made when the deployment is judged.
 */
function mayHold(when: When, environment: string): boolean {
  const named = when.tests.filter((test) => test.name === "environments");
  if (
    named.some(
      (test) => test.test({ subject: probe(environment), owner: "" }, () => undefined) === false,
    )
  )
    return false;
  if (when.any !== null && !when.any.some((alternative) => mayHold(alternative, environment)))
    return false;
  const { not } = when;
  const isNotByNameAlone =
    not !== null &&
    not.any === null &&
    not.not === null &&
    not.tests.length > 0 &&
    not.tests.every((test) => test.name === "environments");
  return !(isNotByNameAlone && mayHold(not, environment));
}

/** Rules that may apply to deployments to the environment. */
export function rulesAt(policy: EffectivePolicy, environment: string): readonly EffectiveRule[] {
  return policy.rules.filter(
    (rule) =>
      rule.enforcement !== "disabled" &&
      rule.gates.includes("deployment") &&
      (rule.when === null || mayHold(rule.when, environment)),
  );
}
