import type { Actors, Role } from "../model/actor.ts";
import { roles } from "../model/actor.ts";
import { enforcements, type Enforcement } from "../model/decision.ts";
import { parseDuration } from "./duration.ts";
import { bindRequirement, type Requirement } from "./requirement.ts";
import type { LayerRule } from "./layer.ts";
import type { OverrideDefinition } from "./schema.ts";

/** Why a repository's rule is looser than the organisation's, in words; null when it is as tight or tighter. */
export function loosening(organization: LayerRule, repository: LayerRule): string | null {
  if (weight(repository.enforcement) < weight(organization.enforcement)) return `enforcement ${repository.enforcement ?? "active"} is less than ${organization.enforcement ?? "active"}`;
  const lost = (organization.gates ?? []).filter((gate) => !(repository.gates ?? []).includes(gate));
  if (lost.length > 0) return `it no longer applies to ${lost.join(" and ")}`;
  if (repository.when !== undefined && !isSame(repository.when, organization.when)) return "its when differs (leave it out to apply always)";
  if (repository.onFail === "hold" && organization.onFail !== "hold") return "on_fail: hold instead of reject";
  if (!isAsTight(organization.require, repository.require)) return "its requirement asks for less, or for something else";
  return null;
}

const weight = (enforcement: Enforcement | undefined): number => -enforcements.indexOf(enforcement ?? "active");

/** A requirement asks for at least as much: the same one with tighter parameters, or `all` of it and more. */
function isAsTight(organization: unknown, repository: unknown): boolean {
  if (isSame(organization, repository)) return true;
  const [ours, theirs] = [bindRequirement(organization), bindRequirement(repository)];
  return includes(theirs, ours);
}

function includes(theirs: Requirement, ours: Requirement): boolean {
  if (theirs.kind === "all" && theirs.of.some((part) => includes(part, ours))) return true;
  if (ours.kind !== "one") {
    if (ours.kind === "all") return ours.of.every((part) => includes(theirs, part));
    return theirs.kind === "any" ? theirs.of.every((part) => ours.of.some((own) => includes(part, own))) : ours.of.some((own) => includes(theirs, own));
  }
  return theirs.kind === "one" && theirs.rule.name === ours.rule.name && ours.rule.compare(ours.raw, theirs.raw) !== "looser";
}

function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** One text for equal data, whatever the order of its keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries: readonly [string, unknown][] = Object.entries(value);
    return `{${entries
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** Why a repository's override is wider than the organisation's of that name, in words; null when it is not. */
export function widening(organization: OverrideDefinition, repository: OverrideDefinition): string | null {
  if (!isWithin(repository.by, organization.by)) return "more people may grant it";
  if (repository.rules.some((rule) => !organization.rules.includes(rule))) return "it covers more rules";
  if (repository.confirmations < organization.confirmations) return "fewer confirmations";
  if ((parseDuration(repository.lasts) ?? Infinity) > (parseDuration(organization.lasts) ?? 0)) return "it lasts longer";
  if (organization.ticket === "required" && repository.ticket !== "required") return "no ticket is required";
  if (organization.post_review !== undefined && !isSame(organization.post_review, repository.post_review)) return "its post_review differs";
  return null;
}

/** Whether everybody of `inner` is surely among `outer`, as far as names can tell. */
function isWithin(inner: Actors, outer: Actors): boolean {
  const fold = (list: readonly string[] | undefined): readonly string[] => (list ?? []).map((name) => name.toLowerCase());
  const [users, teams] = [fold(outer.users), fold(outer.teams)];
  const least = (list: readonly Role[] | undefined): number => Math.min(...(list ?? []).map((role) => roles.indexOf(role)), roles.length);
  return fold(inner.users).every((user) => users.includes(user)) && fold(inner.teams).every((team) => teams.includes(team)) && least(inner.roles) >= least(outer.roles);
}
