import type { DeploymentSubject } from "../model/subject.ts";
import type { EffectivePolicy } from "../policy/effective.ts";
import { nearest } from "../policy/nearest.ts";
import { askWhen, testsOf } from "../policy/when/when.ts";

/** A deployment of nothing in particular, to ask rules whether they speak of an environment. */
const anyDeployment = (environment: string): DeploymentSubject => ({
  kind: "deployment",
  repository: 0,
  deploymentId: 0,
  environment,
  sha: "",
  ref: "",
  runId: null,
});

/** Whether an active rule names the environment; a rule for all of them names none. */
export function isNamed(policy: EffectivePolicy, environment: string): boolean {
  const subject = anyDeployment(environment);
  return policy.rules.some((rule) => {
    if (rule.enforcement !== "active" || !rule.gates.includes("deployment") || rule.when === null)
      return false;
    if (!testsOf(rule.when).some((test) => test.name === "environments")) return false;
    return askWhen(rule.when, { subject, owner: rule.context.owner }, () => undefined) !== false;
  });
}

/** Whether the policy judges deployments at all. */
export function judgesDeployments(policy: EffectivePolicy): boolean {
  return policy.rules.some(
    (rule) => rule.enforcement === "active" && rule.gates.includes("deployment"),
  );
}

/** Whether an active rule may be asked at the environment's deployments, by its name or because it speaks of all. */
export function judgesEnvironment(policy: EffectivePolicy, environment: string): boolean {
  const subject = anyDeployment(environment);
  return policy.rules.some(
    (rule) =>
      rule.enforcement === "active" &&
      rule.gates.includes("deployment") &&
      (rule.when === null ||
        askWhen(rule.when, { subject, owner: rule.context.owner }, () => undefined) !== false),
  );
}

const production = ["production", "prod", "prd", "live"];

/**
 * Whether a name looks like an environment that is judged, or like production: a job that writes `prodution` or
 * `production-eu` deploys past every rule that is meant for it (threat T40). `named`: environments that rules name.
 */
export function looksLikeProduction(environment: string, named: readonly string[]): boolean {
  const words = environment.toLowerCase().split(/[^a-z]+/);
  if (words.some((word) => production.includes(word))) return true;
  return (
    nearest(environment.toLowerCase(), [
      ...new Set([...named.map((name) => name.toLowerCase()), "production"]),
    ]) !== undefined
  );
}
