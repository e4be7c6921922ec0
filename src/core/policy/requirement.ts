import { gates, type Gate } from "#core/model/subject.ts";
import { ruleList } from "#core/rules/index.ts";
import type { AnyRule, BoundRule } from "#core/rules/kit/rule.ts";
import type { Path } from "#core/yaml/problem.ts";

/** A requirement with its parameters inside: one rule, or a composition. `raw` is what was written. */
export type Requirement =
  | {
      readonly kind: "one";
      readonly rule: AnyRule;
      readonly raw: unknown;
      readonly bound: BoundRule;
    }
  | { readonly kind: "all" | "any"; readonly of: readonly Requirement[] };

/** One rule of a requirement, before binding, and the way to it from `require`. */
export interface WrittenLeaf {
  readonly rule: AnyRule;
  readonly raw: unknown;
  readonly path: Path;
  readonly depth: number;
}

const rulesByName: ReadonlyMap<string, AnyRule> = new Map(
  ruleList.map((rule) => [rule.name, rule]),
);

function parts(
  raw: unknown,
):
  | { readonly kind: "all" | "any"; readonly of: readonly unknown[] }
  | { readonly kind: "one"; readonly rule: AnyRule; readonly raw: unknown }
  | null {
  if (typeof raw !== "object" || raw === null) return null;
  const [key, value]: readonly unknown[] = Object.entries(raw)[0] ?? [];
  if ((key === "all" || key === "any") && Array.isArray(value)) return { kind: key, of: value };
  const rule = typeof key === "string" ? rulesByName.get(key) : undefined;
  return rule === undefined ? null : { kind: "one", rule, raw: value };
}

/** Binds the raw value of a `require` that its schema has accepted. */
export function bindRequirement(raw: unknown): Requirement {
  const part = parts(raw);
  if (part === null) throw new Error("a requirement was bound that no schema has accepted");
  if (part.kind === "one") return { ...part, bound: part.rule.bind(part.raw) };
  return { kind: part.kind, of: part.of.map(bindRequirement) };
}

/** The rules of a raw requirement, compositions opened. */
export function writtenLeaves(raw: unknown, path: Path = [], depth = 0): readonly WrittenLeaf[] {
  const part = parts(raw);
  if (part === null) return [];
  if (part.kind === "one")
    return [{ rule: part.rule, raw: part.raw, path: [...path, part.rule.name], depth }];
  return part.of.flatMap((inner, index) =>
    writtenLeaves(inner, [...path, part.kind, index], depth + 1),
  );
}

/** One rule of a requirement, with its parameters inside. */
export type Leaf = Extract<Requirement, { readonly kind: "one" }>;

/** The rules of a requirement, compositions opened. */
export function leavesOf(requirement: Requirement): readonly Leaf[] {
  return requirement.kind === "one" ? [requirement] : requirement.of.flatMap(leavesOf);
}

export const boundLeaves = (requirement: Requirement): readonly BoundRule[] =>
  leavesOf(requirement).map(({ bound }) => bound);

/** Gates a rule stands at when it does not say so: the one that each of its requirements names first. */
function defaultGates(raw: unknown): readonly Gate[] {
  const leaves = writtenLeaves(raw);
  return gates.filter(
    (gate) => leaves.length > 0 && leaves.every(({ rule }) => rule.appliesTo[0] === gate),
  );
}

export function gatesOf(
  appliesTo: Gate | readonly Gate[] | undefined,
  raw: unknown,
): readonly Gate[] {
  if (appliesTo === undefined) return defaultGates(raw);
  return typeof appliesTo === "string" ? [appliesTo] : appliesTo;
}
