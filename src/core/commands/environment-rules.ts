import { probe, rulesAt } from "#core/policy/rules-at.ts";
import { environments } from "#core/facts/repository.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import { nearest } from "#core/text/nearest.ts";
import type { EffectivePolicy, EffectiveRule } from "#core/policy/effective.ts";
import type { Requirement } from "#core/policy/requirement.ts";
import type { When } from "#core/policy/when/when.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { inert } from "#core/text/markdown.ts";
import type { Call } from "./command.ts";

export type Leaf = Extract<Requirement, { readonly kind: "one" }>;

export function leavesOf(requirement: Requirement): readonly Leaf[] {
  return requirement.kind === "one" ? [requirement] : requirement.of.flatMap(leavesOf);
}

/** Requirements of one name that may be asked at the environment's door, each with its rule. */
export function leavesAt(
  policy: EffectivePolicy,
  environment: string,
  name: string,
): readonly { readonly rule: EffectiveRule; readonly leaf: Leaf }[] {
  return rulesAt(policy, environment).flatMap((rule) =>
    leavesOf(rule.requirement)
      .filter((leaf) => leaf.rule.name === name)
      .map((leaf) => ({ rule, leaf })),
  );
}

/** Environments that the policy names outright, in rules, as a step of a promotion, or in freezes. */
function isNamedBy(policy: EffectivePolicy, word: string): boolean {
  if (policy.rules.some((rule) => rule.when !== null && namesEnvironment(rule.when, word)))
    return true;
  return policy.freezes.some((freeze) =>
    matchesAnyName(freeze.environments ?? [], word, { ignoreCase: true }),
  );
}

/**
 * Whether the policy writes this very name out, and not a pattern that it happens to match: a pattern goes on matching
 * when the name is another one.
 */
export function isWrittenOut(policy: EffectivePolicy, name: string): boolean {
  const others = [`\u0001${name}`, `${name}\u0001`, name.replaceAll(" ", "\u0001 ")];
  return (
    isNamedBy(policy, name) && others.every((other) => other === name || !isNamedBy(policy, other))
  );
}

/**
 * An environment as people name it: one that was deployed to, that the policy speaks of by name or pattern, or that the
 * repository has. A name that is none of these is a slip of the pen, told with the nearest: nothing is ever recorded for
 * an environment that is not there. `undefined` while the repository's own have not been read.
 */
export function knownEnvironment(
  { policy, deployments, ask }: Pick<Call, "policy" | "deployments" | "ask">,
  word: string,
): { readonly name: string } | { readonly says: string } | undefined {
  if (word === "") return { says: "Which environment? Write its name after the command." };
  const deployed = [...new Set(deployments.map(({ environment }) => environment))];
  const known = deployed.find((name) => sameEnvironment(name, word));
  if (known !== undefined) return { name: known };
  if (isNamedBy(policy, word)) return { name: word };
  const there = ask(environments.need());
  if (there === undefined) return undefined;
  const found = there.find((name) => sameEnvironment(name, word));
  if (found !== undefined) return { name: found };
  const near = nearest(word, [...deployed, ...there]);
  return {
    says: `There is no environment ${inert(word, 60)} here${near === undefined ? "." : `. Did you mean ${inert(near)}?`}`,
  };
}

function namesEnvironment(when: When, environment: string): boolean {
  const isNamed = when.tests.some(
    (test) =>
      test.name === "environments" &&
      test.test({ subject: probe(environment), owner: "" }, () => undefined) === true,
  );
  return (
    isNamed || (when.any ?? []).some((alternative) => namesEnvironment(alternative, environment))
  );
}
