import { parseExtends } from "../extends.ts";
import { nearest } from "#core/text/nearest.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import { writtenLeaves } from "../requirement.ts";
import { valueAt } from "#core/yaml/issues.ts";
import { errorAt, warningAt, type Check, type CheckContext, type KnownNames } from "./report.ts";

/** Rules, overrides and their labels must be told apart by name. */
export const uniqueNames: Check = (context) => {
  const { rules = [], overrides = [] } = context.policy;
  return [
    ...repeated(
      context,
      rules.map((rule, index) => ({ name: rule.name, path: ["rules", index, "name"] })),
      "rule name",
    ),
    ...repeated(
      context,
      overrides.map((override, index) => ({
        name: override.name,
        path: ["overrides", index, "name"],
      })),
      "override name",
    ),
    ...repeated(
      context,
      overrides.flatMap((override, index) =>
        override.label === undefined
          ? []
          : [{ name: override.label.toLowerCase(), path: ["overrides", index, "label"] }],
      ),
      "override label",
    ),
  ];
};

function repeated(
  context: CheckContext,
  entries: readonly { readonly name: string; readonly path: Path }[],
  what: string,
): readonly Problem[] {
  const first = new Map<string, Path>();
  return entries.flatMap(({ name, path }) => {
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, path);
      return [];
    }
    return [
      errorAt(
        context,
        path,
        `duplicate ${what} "${name}" (first in line ${context.source.positions.ofValue(earlier).line}); rename one`,
      ),
    ];
  });
}

/** A preset is shipped with the product: one that does not exist is a mistake that nothing outside can mend. */
export const knownPreset: Check = (context) => {
  const { extends: extended } = context.policy;
  const named = extended === undefined ? null : parseExtends(extended);
  if (named?.kind !== "preset" || context.presets === null || context.presets.includes(named.name))
    return [];
  const hint = nearest(named.name, context.presets);
  const all = context.presets.map((preset) => `gatehouse:${preset}`).join(", ");
  return [
    errorAt(
      context,
      ["extends"],
      `there is no preset ${extended ?? ""}${hint === undefined ? `; there are ${all}` : `; did you mean "gatehouse:${hint}"?`}`,
      hint === undefined ? undefined : `gatehouse:${hint}`,
    ),
  ];
};

interface Mention {
  readonly to: keyof KnownNames;
  readonly name: string;
  readonly path: Path;
}

const words: Readonly<Record<keyof KnownNames, string>> = {
  rules: "rule",
  windows: "window",
  calendars: "calendar",
  freezes: "freeze",
};

/** Whatever is named must exist, here or in what this file extends. */
export const knownNames: Check = (context) => {
  const { policy, known } = context;
  // An extended file that was not at hand may bring any name.
  if (known === null) return [];
  const here: KnownNames = {
    rules: new Set((policy.rules ?? []).map((rule) => rule.name)),
    windows: new Set(Object.keys(policy.windows ?? {})),
    calendars: new Set(Object.keys(policy.calendars ?? {})),
    freezes: new Set((policy.freezes ?? []).map((freeze) => freeze.name)),
  };
  return mentions(context).flatMap(({ to, name, path }) => {
    if (here[to].has(name) || known[to].has(name)) return [];
    const hint = nearest(name, [...here[to], ...known[to]]);
    // An organisation that drops a rule must not break the policies of its repositories; an override of a missing
    // rule does no harm.
    const isHarmless = to === "rules" && !context.alone;
    if (isHarmless)
      return [
        warningAt(
          context,
          path,
          `no rule is named "${name}", here or in the organisation's policy`,
        ),
      ];
    return [
      errorAt(
        context,
        path,
        `no ${words[to]} is named "${name}"${hint === undefined ? "" : `; did you mean "${hint}"?`}`,
        hint,
      ),
    ];
  });
};

function mentions({ policy, raw }: CheckContext): readonly Mention[] {
  return [
    ...(policy.rules ?? []).flatMap((_rule, index) => {
      const at: Path = ["rules", index, "require"];
      return writtenLeaves(valueAt(raw, at), at).flatMap((leaf) =>
        leaf.rule
          .refersTo(leaf.raw)
          .map(({ to, name, path }): Mention => ({ to, name, path: [...leaf.path, ...path] })),
      );
    }),
    ...(policy.overrides ?? []).flatMap((override, index) =>
      override.rules.map((name, inner): Mention => ({
        to: "rules",
        name,
        path: ["overrides", index, "rules", inner],
      })),
    ),
    ...Object.entries(policy.windows ?? {}).flatMap(([window, { except = [] }]) =>
      except.map((name, inner): Mention => ({
        to: "calendars",
        name,
        path: ["windows", window, "except", inner],
      })),
    ),
    ...calendarsIn(raw["windows"], ["windows"]),
    ...calendarsIn(raw["freezes"], ["freezes"]),
  ];
}

/** `month_end: {calendar: …}` anywhere below. */
function calendarsIn(value: unknown, path: Path): readonly Mention[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => calendarsIn(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): readonly Mention[] => {
    const name = key === "month_end" ? valueAt(inner, ["calendar"]) : undefined;
    if (typeof name === "string")
      return [{ to: "calendars", name, path: [...path, key, "calendar"] }];
    return calendarsIn(inner, [...path, key]);
  });
}
