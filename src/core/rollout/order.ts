import { z } from "zod";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { isLiteral } from "#core/formats/literal.ts";
import type { EffectivePolicy, EffectiveRule } from "#core/policy/effective.ts";
import { leavesOf } from "#core/policy/requirement.ts";
import { rulesAt } from "#core/policy/rules-at.ts";
import { testsOf } from "#core/policy/when/when.ts";
import { promotedFrom } from "#core/rules/promoted-from/rule.ts";
import { parseDuration } from "#core/text/duration.ts";

/** What one ring waits for: another one, in which the commit has to run for so long (ms). */
export interface Step {
  readonly from: string;
  readonly bake: number;
}

/** One environment of an order. */
export interface Ring {
  readonly environment: string;
  /** Empty: the order begins with it. */
  readonly after: readonly Step[];
}

const written = z.object({
  environment: z.string(),
  bake: z.union([z.literal(0), z.string()]).catch(0),
});

/** What a rule's promotions say; parameters were checked by the rule's own schema. */
const stepsOf = (rule: EffectiveRule): readonly Step[] =>
  leavesOf(rule.requirement)
    .filter((leaf) => leaf.rule.name === promotedFrom.name)
    .map((leaf) => {
      const { environment, bake } = written.parse(leaf.raw);
      return {
        from: environment,
        bake: bake === 0 ? 0 : (parseDuration(bake) ?? 0),
      };
    });

const promoting = ({ rules }: Pick<EffectivePolicy, "rules">): readonly EffectiveRule[] =>
  rules.filter(
    (rule) =>
      rule.enforcement === "active" &&
      rule.gates.includes("deployment") &&
      stepsOf(rule).length > 0,
  );

/** Whether the policy promotes at all: most do not. */
export const hasRings = (policy: Pick<EffectivePolicy, "rules">): boolean =>
  promoting(policy).length > 0;

/** Names, each once: GitHub compares them without case, and the first spelling stands. */
function distinct(names: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const name of names) if (!seen.has(name.toLowerCase())) seen.set(name.toLowerCase(), name);
  return [...seen.values()];
}

/**
 * The orders of environments that the policy writes, each in the order of its rings: what is promoted from another one
 * stands after that. `known`: environments that were deployed to, which patterns may mean.
 */
export function ringOrders(
  policy: EffectivePolicy,
  known: readonly string[],
): readonly (readonly Ring[])[] {
  const rules = promoting(policy);
  const names = distinct([
    ...known,
    ...rules.flatMap((rule) => [
      ...stepsOf(rule).map(({ from }) => from),
      ...(rule.when === null ? [] : testsOf(rule.when))
        .flatMap(({ environments }) => environments)
        .filter(isLiteral),
    ]),
  ]);
  const spelled = (name: string): string =>
    names.find((each) => sameEnvironment(each, name)) ?? name;
  const asked = new Set(rules.map(({ name }) => name));
  const rings = names.map((environment): Ring => ({
    environment,
    after: rulesAt(policy, environment)
      .filter(({ name }) => asked.has(name))
      .flatMap(stepsOf)
      .filter(({ from }) => !sameEnvironment(from, environment))
      .map((step) => ({ ...step, from: spelled(step.from) })),
  }));
  return connected(rings).map(inOrder);
}

/** Whether the policy has the environment in an order of rings. */
export const isRing = (policy: EffectivePolicy, environment: string): boolean =>
  hasRings(policy) &&
  ringOrders(policy, [environment]).some((order) =>
    order.some((ring) => sameEnvironment(ring.environment, environment)),
  );

/** Rings that have to do with each other; what stands alone is no ring. */
function connected(rings: readonly Ring[]): readonly (readonly Ring[])[] {
  const groups: Ring[][] = [];
  for (const ring of rings) {
    const isNear = (group: readonly Ring[]): boolean =>
      group.some(
        (other) =>
          ring.after.some(({ from }) => from === other.environment) ||
          other.after.some(({ from }) => from === ring.environment),
      );
    const near = groups.filter(isNear);
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push([...near.flat(), ring]);
  }
  return groups.filter((group) => group.length > 1);
}

/** A circle is an error of the policy and judges nothing; should one come here, it ends where it was entered. */
function inOrder(group: readonly Ring[]): readonly Ring[] {
  const placed: Ring[] = [];
  let left = [...group];
  while (left.length > 0) {
    const open = left.filter(({ after }) =>
      after.every(({ from }) => left.every(({ environment }) => environment !== from)),
    );
    const next = open.length > 0 ? open : left.slice(0, 1);
    placed.push(...next);
    left = left.filter((ring) => !next.includes(ring));
  }
  return placed;
}
