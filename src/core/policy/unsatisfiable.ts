import { teamMembers } from "#core/facts/people.ts";
import type { FactTable, Need } from "#core/model/fact.ts";
import { teamOf } from "#core/people/who-is-among.ts";
import type { EffectivePolicy, EffectiveRule } from "./effective.ts";
import type { Requirement } from "./requirement.ts";
import { aboutChecks } from "./unsatisfiable/checks.ts";
import { aboutPeople, askedOf } from "./unsatisfiable/people.ts";
import { aboutScans } from "./unsatisfiable/scans.ts";

/** A rule (or an override) that may never be met here, and why. */
export interface NeverMet {
  readonly rule: string;
  readonly because: string;
}

type Leaf = Extract<Requirement, { readonly kind: "one" }>;
const leavesOf = (requirement: Requirement): readonly Leaf[] =>
  requirement.kind === "one" ? [requirement] : requirement.of.flatMap(leavesOf);

const inForce = (policy: EffectivePolicy): readonly EffectiveRule[] =>
  policy.rules.filter((rule) => rule.enforcement !== "disabled");

/** Teams whose members decide whether a rule can be met at all. */
export function teamsAsked(policy: EffectivePolicy, owner: string): readonly Need<unknown>[] {
  const asked = inForce(policy).flatMap((rule) =>
    leavesOf(rule.requirement).flatMap((leaf) => askedOf(leaf.rule.name, leaf.raw)),
  );
  const named = [...asked, ...policy.overrides.map(({ by }) => by)].flatMap(
    ({ teams }) => teams ?? [],
  );
  return [...new Set(named.map((team) => teamOf(team, owner)))].map((team) =>
    teamMembers.need(team),
  );
}

interface Around {
  readonly owner: string;
  readonly people: FactTable;
  readonly seen: readonly FactTable[];
}

function aboutOne({ rule, raw }: Leaf, { owner, people, seen }: Around): readonly string[] {
  switch (rule.name) {
    case "reviews":
    case "approvals":
      return askedOf(rule.name, raw).flatMap((asked) =>
        aboutPeople(asked, "approval", owner, people),
      );
    case "checks":
      return aboutChecks(raw, seen);
    case "findings":
      return aboutScans(raw, seen);
    default:
      return [];
  }
}

/** Of alternatives one that can be met is enough. */
function why(requirement: Requirement, around: Around): readonly string[] {
  if (requirement.kind === "one") return aboutOne(requirement, around);
  const parts = requirement.of.map((part) => why(part, around));
  return requirement.kind === "any" && parts.some((reasons) => reasons.length === 0)
    ? []
    : parts.flat();
}

/** Rules and overrides that, as far as people and the pull requests looked at tell, nobody and nothing can meet. */
export function neverMet(
  policy: EffectivePolicy,
  owner: string,
  people: FactTable,
  seen: readonly FactTable[],
): readonly NeverMet[] {
  const around: Around = { owner, people, seen };
  const rules = inForce(policy).flatMap((rule) =>
    why(rule.requirement, around).map((because) => ({ rule: rule.name, because })),
  );
  // Who asks is one of them, and confirmations come from others.
  const overrides = policy.overrides.flatMap(({ name, by, confirmations }) =>
    aboutPeople(
      {
        ...by,
        roles: by.roles === undefined ? undefined : [...by.roles],
        wanted: confirmations + 1,
      },
      "voice",
      owner,
      people,
    ).map((because) => ({ rule: `override ${name}`, because })),
  );
  return [
    ...new Map(
      [...rules, ...overrides].map((each) => [`${each.rule}:${each.because}`, each]),
    ).values(),
  ];
}
