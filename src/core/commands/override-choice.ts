import type { EffectivePolicy } from "#core/policy/effective.ts";
import { nearest } from "#core/text/nearest.ts";
import type { OverrideDefinition } from "#core/policy/schema.ts";
import { inert } from "#core/text/markdown.ts";
import { grantTo, grantWords, mayUse } from "./authority.ts";
import { refused, type Call, type Grant, type Outcome } from "./command.ts";

/** What was asked for: an override, and which of its rules. */
export interface ChosenOverride {
  readonly definition: OverrideDefinition;
  readonly rules: readonly string[];
}

export const overrideGrants = (policy: EffectivePolicy): readonly Grant[] =>
  policy.overrides.map(({ name, by }) => grantTo(by, { of: name }));

export const grantOf = (definition: OverrideDefinition): Grant =>
  grantTo(definition.by, { of: definition.name });

type Choice =
  | { readonly kind: "chosen"; readonly chosen: ChosenOverride }
  | { readonly kind: "refused"; readonly outcome: Outcome };

const no = (says: string): Choice => ({ kind: "refused", outcome: refused(says) });

/**
 * The override of that name, else the first that lists a rule of that name and that this person may use: then it is
 * for that rule alone. Rules that no override lists cannot be overridden by anybody.
 */
export function chooseOverride(call: Call, word: string): Choice | undefined {
  const { policy, context: place } = call;
  const byName = policy.overrides.find((each) => each.name.toLowerCase() === word.toLowerCase());
  const rule = policy.rules.find((each) => each.name.toLowerCase() === word.toLowerCase());
  const candidates: readonly ChosenOverride[] =
    byName !== undefined
      ? [{ definition: byName, rules: byName.rules }]
      : rule === undefined
        ? []
        : policy.overrides
            .filter((each) => each.rules.includes(rule.name))
            .map((definition) => ({ definition, rules: [rule.name] }));
  if (candidates.length === 0)
    return no(
      rule === undefined
        ? unknownName(word, policy)
        : `No override of the policy lists the rule ${inert(rule.name)}: nobody can override it.`,
    );
  let isOpen = false;
  for (const chosen of candidates) {
    const may = mayUse(call, [grantOf(chosen.definition)]);
    if (may === true) return { kind: "chosen", chosen };
    if (may === undefined) isOpen = true;
  }
  return isOpen
    ? undefined
    : no(
        `Only ${grantWords(
          candidates.map(({ definition }) => grantOf(definition)),
          place.owner,
        )} may grant the override ${inert(word)}.`,
      );
}

function unknownName(word: string, policy: EffectivePolicy): string {
  const names = policy.overrides.map(({ name }) => name);
  if (names.length === 0) return "The policy defines no override.";
  const near = nearest(word, [...names, ...policy.overrides.flatMap(({ rules }) => rules)]);
  const known = `The policy's overrides are ${names.map((name) => inert(name)).join(", ")}.`;
  return word === ""
    ? `Which override? ${known}`
    : `There is neither an override nor a rule ${inert(word, 60)}.${near === undefined ? "" : ` Did you mean ${inert(near)}?`} ${known}`;
}
