import { teamMembers } from "#core/facts/people.ts";
import type { FactTable, Need } from "#core/model/fact.ts";
import { teamOf } from "#core/people/who-is-among.ts";
import type { BoundRule } from "#core/rules/kit/rule.ts";
import { whyTooFew } from "#core/rules/kit/people/too-few.ts";
import type { EffectivePolicy, EffectiveRule } from "./effective.ts";
import { boundLeaves, type Requirement } from "./requirement.ts";

/** A rule (or an override) that may never be met here, and why. */
export interface NeverMet {
  readonly rule: string;
  readonly because: string;
}

const inForce = (policy: EffectivePolicy): readonly EffectiveRule[] =>
  policy.rules.filter((rule) => rule.enforcement !== "disabled");

/** Teams whose members decide whether a rule can be met at all. */
export function teamsAsked(policy: EffectivePolicy, owner: string): readonly Need<unknown>[] {
  const asked = inForce(policy).flatMap((rule) =>
    boundLeaves(rule.requirement).flatMap((leaf) => leaf.asksPeople),
  );
  const named = [...asked, ...policy.overrides.map(({ by }) => by)].flatMap(
    ({ teams }) => teams ?? [],
  );
  return [...new Set(named.map((team) => teamOf(team, owner)))].map((team) =>
    teamMembers.need(team),
  );
}

/** Health sources that active rules ask, by their names in the settings. */
export const sourcesAsked = (policy: EffectivePolicy): readonly string[] => [
  ...new Set(
    inForce(policy).flatMap((rule) =>
      boundLeaves(rule.requirement).flatMap((leaf) => leaf.asksSources),
    ),
  ),
];

interface Around {
  readonly owner: string;
  readonly people: FactTable;
  readonly seen: readonly FactTable[];
  /** Whether the repository may ask a health source of this name; left out: nobody can tell. */
  readonly mayAsk?: ((source: string) => boolean) | undefined;
}

function aboutOne(rule: BoundRule, { owner, people, seen, mayAsk }: Around): readonly string[] {
  return [
    ...rule.asksPeople.flatMap((asked) => whyTooFew(asked, "approval", owner, people)),
    ...rule.neverMet(seen),
    ...rule.asksSources
      .filter((source) => mayAsk?.(source) === false)
      .map(
        (source) =>
          `no health source "${source}" is named for this repository: the people who run Gatehouse name it in HEALTH_SOURCES`,
      ),
  ];
}

/** For `any`, one alternative that can be met is enough. */
function why(requirement: Requirement, around: Around): readonly string[] {
  if (requirement.kind === "one") return aboutOne(requirement.bound, around);
  const parts = requirement.of.map((part) => why(part, around));
  return requirement.kind === "any" && parts.some((reasons) => reasons.length === 0)
    ? []
    : parts.flat();
}

/** Rules and overrides that can never be met, judged by the people named and the pull requests looked at. */
export function neverMet(policy: EffectivePolicy, around: Around): readonly NeverMet[] {
  const { owner, people } = around;
  const rules = inForce(policy).flatMap((rule) =>
    why(rule.requirement, around).map((because) => ({ rule: rule.name, because })),
  );
  // The requester is one of the people named, and confirmations must come from others.
  const overrides = policy.overrides.flatMap(({ name, by, confirmations }) =>
    whyTooFew({ ...by, wanted: confirmations + 1 }, "voice", owner, people).map((because) => ({
      rule: `override ${name}`,
      because,
    })),
  );
  return [
    ...new Map(
      [...rules, ...overrides].map((each) => [`${each.rule}:${each.because}`, each]),
    ).values(),
  ];
}
