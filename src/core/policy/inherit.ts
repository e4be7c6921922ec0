import type { RuleSource } from "#core/model/decision.ts";
import type { PolicyNotice } from "./effective.ts";
import { valueAt } from "#core/yaml/issues.ts";
import { overlay, type Layer, type LayerRule } from "./layer.ts";
import { pathText, type Path } from "#core/yaml/problem.ts";
import type { OverrideDefinition } from "./schema.ts";
import { problemAt } from "#core/yaml/source.ts";
import {
  canonical,
  tightenOverride,
  tightenRule,
  type Refusal,
  type Tightened,
} from "./tighten.ts";

/** A rule in force and whose it is. */
export interface InheritedRule {
  readonly source: RuleSource;
  readonly rule: LayerRule;
}

interface Inherited<Value> {
  readonly value: Value;
  readonly notices: readonly PolicyNotice[];
}

function notice(
  layer: Layer,
  path: Path,
  message: string,
  {
    file = "repository",
    isAttempt = true,
  }: { readonly file?: RuleSource; readonly isAttempt?: boolean } = {},
): PolicyNotice {
  return {
    file,
    isAttempt,
    problem: problemAt(
      layer.parsed.source.positions.ofValue(path),
      pathText(path),
      message,
      "warning",
    ),
  };
}

/** The organisation's rules are a floor: what a repository may change of each, that rule itself says. */
export function inheritRules(
  organization: Layer | null,
  repository: Layer | null,
): Inherited<readonly InheritedRule[]> {
  const notices: PolicyNotice[] = [];
  const own = new Map((repository?.rules ?? []).map((rule) => [rule.name, rule]));
  const value: InheritedRule[] = [];
  for (const ours of organization?.rules ?? []) {
    if (ours.require === undefined) {
      if (organization !== null)
        notices.push(
          notice(
            organization,
            ours.path,
            `rule "${ours.name}" has no "require", and the extended file has no rule of this name; it is ignored`,
            { file: "organization" },
          ),
        );
      continue;
    }
    const theirs = own.get(ours.name);
    own.delete(ours.name);
    if (theirs === undefined || repository === null) {
      value.push({ source: "organization", rule: ours });
      continue;
    }
    const { value: rule, refusals } = inheritRule(ours, overlay(ours, theirs));
    value.push({
      source: ours.repositoriesMay === "override" ? "repository" : "organization",
      rule,
    });
    for (const refusal of refusals)
      notices.push(
        notice(
          repository,
          placeOf(repository, theirs.path, refusal.path),
          refusalWords(`rule "${ours.name}"`, refusal),
          { isAttempt: !refusal.isLeftOut },
        ),
      );
  }
  for (const rule of own.values()) {
    if (rule.require !== undefined) value.push({ source: "repository", rule });
    else if (repository !== null)
      notices.push(
        notice(
          repository,
          rule.path,
          `rule "${rule.name}" has no "require", and there is no rule of this name to change; it is ignored`,
        ),
      );
  }
  return { value, notices };
}

function inheritRule(ours: LayerRule, wanted: LayerRule): Tightened<LayerRule> {
  switch (ours.repositoriesMay) {
    case "override":
      return { value: wanted, refusals: [] };
    case "nothing":
      return {
        value: ours,
        refusals: asksTheSame(ours, wanted)
          ? []
          : [
              {
                path: [],
                why: "the organisation lets repositories change nothing of it",
                isLeftOut: false,
              },
            ],
      };
    case "tighten":
      return tightenRule(ours, wanted);
  }
}

function refusalWords(what: string, { path, why, isLeftOut }: Refusal): string {
  if (path.length === 0) return `${what}: ${why}; ignored, the organisation's stands`;
  return `${what}: ${isLeftOut ? "" : "a repository may only tighten it: "}${why}; ignored, the organisation's value stands`;
}

/** The nearest place that was written: a rule's enforcement may come from the file's. */
function placeOf(layer: Layer, rule: Path, path: Path): Path {
  const whole = [...rule, ...path];
  return valueAt(layer.parsed.raw, whole) === undefined ? rule : whole;
}

function asksTheSame(a: LayerRule, b: LayerRule): boolean {
  return (
    canonical([a.gates, a.enforcement, a.when, a.require, a.onFail ?? "reject"]) ===
    canonical([b.gates, b.enforcement, b.when, b.require, b.onFail ?? "reject"])
  );
}

/** A repository's override reaches the organisation's rules only where those may be overridden. */
export function inheritOverrides(
  organization: Layer | null,
  repository: Layer | null,
): Inherited<readonly OverrideDefinition[]> {
  const notices: PolicyNotice[] = [];
  const floor = new Map((organization?.rules ?? []).map((rule) => [rule.name, rule]));
  const value = new Map(
    (organization?.policy.overrides ?? []).map((override) => [override.name, override]),
  );
  for (const theirs of repository?.policy.overrides ?? []) {
    if (repository === null) break;
    const index = (repository.parsed.policy.overrides ?? []).findIndex(
      (override) => override.name === theirs.name,
    );
    const path: Path = index < 0 ? ["overrides"] : ["overrides", index];
    const ours = value.get(theirs.name);
    if (ours !== undefined) {
      const raw = valueAt(repository.parsed.raw, path);
      const { value: inherited, refusals } = inheritOverride(
        ours,
        theirs,
        floor,
        typeof raw === "object" && raw !== null && index >= 0
          ? Object.keys(raw)
          : Object.keys(theirs),
      );
      value.set(theirs.name, inherited);
      for (const refusal of refusals)
        notices.push(
          notice(
            repository,
            placeOf(repository, path, refusal.path),
            refusalWords(`override "${theirs.name}"`, refusal),
            { isAttempt: !refusal.isLeftOut },
          ),
        );
      continue;
    }
    const forbidden = theirs.rules.filter(
      (name) => (floor.get(name)?.repositoriesMay ?? "override") !== "override",
    );
    if (forbidden.length > 0) {
      notices.push(
        notice(
          repository,
          path,
          `override "${theirs.name}" cannot cover ${forbidden.join(", ")}: the organisation's rules say who may override them; ignored`,
        ),
      );
    }
    const rules = theirs.rules.filter((name) => !forbidden.includes(name));
    if (rules.length > 0) value.set(theirs.name, { ...theirs, rules });
  }
  return { value: [...value.values()], notices };
}

function inheritOverride(
  ours: OverrideDefinition,
  theirs: OverrideDefinition,
  floor: ReadonlyMap<string, LayerRule>,
  written: readonly string[],
): Tightened<OverrideDefinition> {
  const covered = [...new Set([...ours.rules, ...theirs.rules])].map(
    (name) => floor.get(name)?.repositoriesMay ?? "override",
  );
  if (covered.every((may) => may === "override")) return { value: theirs, refusals: [] };
  if (covered.includes("nothing")) {
    return {
      value: ours,
      refusals:
        canonical(ours) === canonical(theirs)
          ? []
          : [
              {
                path: [],
                why: "it covers rules of which the organisation lets repositories change nothing",
                isLeftOut: false,
              },
            ],
    };
  }
  return tightenOverride(ours, theirs, written);
}

/** Named parts: what the organisation has defined, a repository cannot define anew. */
export function inheritNamed<Value>(
  part: "windows" | "calendars",
  organization: Readonly<Record<string, Value>> | undefined,
  repository: Layer | null,
  theirs: Readonly<Record<string, Value>> | undefined,
): Inherited<Readonly<Record<string, Value>>> {
  const taken = Object.keys(theirs ?? {}).filter(
    (name) =>
      organization?.[name] !== undefined &&
      canonical(organization[name]) !== canonical(theirs?.[name]),
  );
  return {
    value: { ...theirs, ...organization },
    notices:
      repository === null
        ? []
        : taken.map((name) =>
            notice(
              repository,
              [part, name],
              `the organisation has defined "${name}" already; ignored, the organisation's stands`,
            ),
          ),
  };
}

export function inheritFreezes(
  organization: Layer | null,
  repository: Layer | null,
): Inherited<NonNullable<Layer["policy"]["freezes"]>> {
  const ours = organization?.policy.freezes ?? [];
  const theirs = repository?.policy.freezes ?? [];
  const names = new Map(ours.map((freeze) => [freeze.name, freeze]));
  const clashing = theirs.filter(
    (freeze) => names.has(freeze.name) && canonical(names.get(freeze.name)) !== canonical(freeze),
  );
  return {
    value: [...ours, ...theirs.filter((freeze) => !names.has(freeze.name))],
    notices:
      repository === null
        ? []
        : clashing.map((freeze) =>
            notice(
              repository,
              ["freezes"],
              `the organisation has a freeze "${freeze.name}" already; ignored, the organisation's stands`,
            ),
          ),
  };
}
