import { z } from "zod";
import { checks as checksFact } from "../facts/checks.ts";
import { codeScanning, dependabotAlerts, secretScanning } from "../facts/findings.ts";
import { teamMembers } from "../facts/people.ts";
import { matchesAnyGlob } from "../formats/glob.ts";
import { lookUp, type FactTable, type Need } from "../model/fact.ts";
import { count } from "../rules/phrases.ts";
import { teamOf } from "../rules/who-is-among.ts";
import type { EffectivePolicy, EffectiveRule } from "./effective.ts";
import type { Requirement } from "./requirement.ts";

/** A rule that may never pass here, and why. */
export interface NeverMet {
  readonly rule: string;
  readonly because: string;
}

type Leaf = Extract<Requirement, { readonly kind: "one" }>;
const leavesOf = (requirement: Requirement): readonly Leaf[] => (requirement.kind === "one" ? [requirement] : requirement.of.flatMap(leavesOf));

const people = z.object({ teams: z.array(z.string()).optional(), users: z.array(z.string()).optional(), roles: z.array(z.string()).optional() });
const reviews = people.extend({ approvals: z.number().default(1), each: z.array(people.extend({ approvals: z.number().default(1) })).optional() });
const approvals = people.extend({ count: z.number().default(1) });
const checks = z.object({ names: z.array(z.string()).optional() });

interface Asked extends z.infer<typeof people> {
  readonly wanted: number;
}

/** Whom a requirement asks for how many words. */
function askedOf(leaf: Leaf): readonly Asked[] {
  if (leaf.rule.name === "approvals") {
    const read = approvals.safeParse(leaf.raw ?? {});
    return read.success ? [{ ...read.data, wanted: read.data.count }] : [];
  }
  if (leaf.rule.name !== "reviews") return [];
  const read = reviews.safeParse(leaf.raw ?? {});
  return read.success ? [{ ...read.data, wanted: read.data.approvals }, ...(read.data.each ?? []).map((each) => ({ ...each, wanted: each.approvals }))] : [];
}

const inForce = (policy: EffectivePolicy): readonly EffectiveRule[] => policy.rules.filter((rule) => rule.enforcement !== "disabled");

/** Teams whose members decide whether a rule can be met at all. */
export function teamsAsked(policy: EffectivePolicy, owner: string): readonly Need<unknown>[] {
  const named = [...inForce(policy).flatMap((rule) => leavesOf(rule.requirement).flatMap(askedOf)), ...policy.overrides.map(({ by }) => by)].flatMap(({ teams }) => teams ?? []);
  return [...new Set(named.map((team) => teamOf(team, owner)))].map((team) => teamMembers.need(team));
}

/** People of the teams, each once; null where somebody else may count too, or a team cannot be read. */
function headcount(asked: Asked, owner: string, facts: FactTable): number | null {
  if ((asked.users ?? []).length > 0 || (asked.roles ?? []).length > 0 || (asked.teams ?? []).length === 0) return null;
  const ids = new Set<number>();
  for (const team of asked.teams ?? []) {
    const members = lookUp(facts, teamMembers.need(teamOf(team, owner)));
    if (members?.ok !== true) return null;
    for (const { id } of members.value) ids.add(id);
  }
  return ids.size;
}

function aboutPeople(rule: EffectiveRule, owner: string, facts: FactTable): readonly NeverMet[] {
  return leavesOf(rule.requirement).flatMap(askedOf).flatMap((asked): readonly NeverMet[] => {
    const unseen = (asked.teams ?? []).filter((team) => {
      const members = lookUp(facts, teamMembers.need(teamOf(team, owner)));
      return members?.ok === false && (members.code === "not_found" || members.code === "forbidden");
    });
    if (unseen.length > 0) return [{ rule: rule.name, because: `the team ${unseen.join(", ")} is not there, or the App cannot see it` }];
    const people_ = headcount(asked, owner, facts);
    if (people_ === null || people_ >= asked.wanted) return [];
    return [{ rule: rule.name, because: `it asks for ${count(asked.wanted, "approval")}, and ${(asked.teams ?? []).join(", ")} ${people_ === 0 ? "has nobody in it" : `has ${count(people_, "person", "people")} in it`}` }];
  });
}

/** Below this, a check that was not seen proves nothing. */
const fewest = 3;

function aboutChecks(rule: EffectiveRule, seen: readonly FactTable[]): readonly NeverMet[] {
  const reported = seen.flatMap((table) => {
    const read = lookUp(table, checksFact.need());
    return read?.ok === true ? [read.value.map(({ name }) => name)] : [];
  });
  if (reported.length < fewest) return [];
  const names = new Set(reported.flat());
  return leavesOf(rule.requirement)
    .filter((leaf) => leaf.rule.name === "checks")
    .flatMap((leaf) => checks.safeParse(leaf.raw ?? {}).data?.names ?? [])
    .filter((pattern) => ![...names].some((name) => matchesAnyGlob([pattern], name)))
    .map((pattern) => ({ rule: rule.name, because: `no check ${pattern} reported on any of the ${reported.length} pull requests looked at; a workflow filtered by path reports nothing where it does not run` }));
}

/** Sources that a finding rule names outright, and that are switched off here. */
function aboutScanners(rule: EffectiveRule, seen: readonly FactTable[]): readonly NeverMet[] {
  const from = z.object({ from: z.array(z.string()).optional() });
  const sources = [["code-scanning", codeScanning.name], ["dependabot", dependabotAlerts.name], ["secret-scanning", secretScanning.name]] as const;
  const named = leavesOf(rule.requirement).filter((leaf) => leaf.rule.name === "findings").flatMap((leaf) => from.safeParse(leaf.raw ?? {}).data?.from ?? []);
  return sources
    .filter(([source, fact]) => named.includes(source) && seen.some((table) => [...table].some(([key, result]) => (key === fact || key.startsWith(`${fact}:`)) && !result.ok && result.code === "not_found")))
    .map(([source]) => ({ rule: rule.name, because: `${source} is switched off for this repository` }));
}

/** Rules that, as far as people and the last pull requests tell, nobody and nothing can meet. */
export function neverMet(policy: EffectivePolicy, owner: string, people_: FactTable, seen: readonly FactTable[]): readonly NeverMet[] {
  const found = inForce(policy).flatMap((rule) => [...aboutPeople(rule, owner, people_), ...aboutChecks(rule, seen), ...aboutScanners(rule, seen)]);
  return [...new Map(found.map((each) => [`${each.rule}:${each.because}`, each])).values()];
}
