import { probe, rulesAt } from "#core/policy/rules-at.ts";
import { environments } from "#core/facts/repository.ts";
import { matchesAnyName } from "#core/formats/glob.ts";
import { nearest } from "#core/text/nearest.ts";
import type { EffectivePolicy, EffectiveRule } from "#core/policy/effective.ts";
import { type Leaf, leavesOf } from "#core/policy/requirement.ts";
import type { When } from "#core/policy/when/when.ts";
import { sameEnvironment } from "#core/deployments/environment.ts";
import { inert } from "#core/text/markdown.ts";
import type { Call } from "./command.ts";

/** Requirements of one name that may apply to deployments to the environment, each with its rule. */
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

type Namer = (name: string) => boolean;

/** Everything in the policy that speaks of environments: conditions of rules, and freezes. */
const namersOf = (policy: EffectivePolicy): readonly Namer[] => [
  ...policy.rules.flatMap(({ when }) => (when === null ? [] : namersIn(when))),
  ...policy.freezes.flatMap(({ environments: named }) =>
    (named ?? []).map(
      (pattern): Namer =>
        (name) =>
          matchesAnyName([pattern], name, { ignoreCase: true }),
    ),
  ),
];

/**
 * Whether the policy writes this very name out, and not only in a pattern that it happens to match: a pattern goes on
 * matching when a letter more, or another one, stands somewhere in the name.
 */
export function isWrittenOut(policy: EffectivePolicy, name: string): boolean {
  const strange = "\u0001";
  const others = Array.from({ length: name.length + 1 }, (_, at) => [
    name.slice(0, at) + strange + name.slice(at),
    name.slice(0, at) + strange + name.slice(at + 1),
  ]).flat();
  return namersOf(policy).some((names) => names(name) && !others.some(names));
}

/** Blanks are told apart only where two names differ in nothing else. */
const folded = (name: string): string => name.replaceAll(/\s+/gu, " ").trim();

/** The one of these names that a word says: letter by letter, else but for its blanks where that is one. */
export function nameAmong(known: Iterable<string>, word: string): string | undefined {
  const names = [...known];
  const exact = names.find((name) => sameEnvironment(name, word));
  if (exact !== undefined) return exact;
  const near = names.filter((name) => sameEnvironment(folded(name), folded(word)));
  const [first] = near;
  return first !== undefined && near.every((name) => sameEnvironment(name, first))
    ? first
    : undefined;
}

type Asking = Pick<Call, "policy" | "deployments" | "ask">;

const deployedTo = ({ deployments }: Pick<Call, "deployments">): readonly string[] => [
  ...new Set(deployments.map(({ environment }) => environment)),
];

/** Environments that were deployed to, and those that the repository has; `undefined` while these have not been read. */
export function environmentsThere(call: Asking): readonly string[] | undefined {
  const there = call.ask(environments.need());
  return there && [...deployedTo(call), ...there];
}

/** Whether a word is the name of an environment, deployed to, written out in the policy or there. */
export function isKnownEnvironment(call: Asking, word: string): boolean | undefined {
  if (isWrittenOut(call.policy, word) || nameAmong(deployedTo(call), word) !== undefined)
    return true;
  const there = environmentsThere(call);
  return there && nameAmong(there, word) !== undefined;
}

/**
 * An environment as people name it: one that was deployed to, that the policy writes out, or that the repository has. A
 * name that is none of these is a slip of the pen, told with the nearest, also where a pattern of the policy would take
 * it: nothing is ever recorded for an environment that is not there. `undefined` while the repository's own have not
 * been read.
 */
export function knownEnvironment(
  call: Asking,
  word: string,
): { readonly name: string } | { readonly says: string } | undefined {
  if (word.trim() === "") return { says: "Which environment? Write its name after the command." };
  const deployed = deployedTo(call).find((name) => sameEnvironment(name, word));
  if (deployed !== undefined) return { name: deployed };
  if (isWrittenOut(call.policy, word)) return { name: word };
  const there = environmentsThere(call);
  if (there === undefined) return undefined;
  const found = nameAmong(there, word);
  if (found !== undefined) return { name: found };
  const near = nearest(word, there);
  return {
    says: `There is no environment ${inert(word, 60)} here${near === undefined ? "." : `. Did you mean ${inert(near)}?`}`,
  };
}

function namersIn(when: When): readonly Namer[] {
  const own = when.tests
    .filter(({ name }) => name === "environments")
    .map(
      (test): Namer =>
        (name) =>
          test.test({ subject: probe(name), owner: "" }, () => undefined) === true,
    );
  return [...own, ...(when.any ?? []).flatMap(namersIn)];
}
