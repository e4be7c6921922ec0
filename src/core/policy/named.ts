import { isLoginGlob } from "#core/people/login-glob.ts";
import { teamOf } from "#core/people/who-is-among.ts";
import { isLiteral } from "#core/formats/literal.ts";
import { valueAt } from "#core/yaml/issues.ts";
import type { Path } from "#core/yaml/problem.ts";
import type { SourcePosition } from "#core/yaml/source.ts";
import type { ParsedPolicy } from "./validate.ts";

/** Kinds of names in a policy that refer to something at GitHub. */
export const namedKinds = ["team", "user", "environment", "label"] as const;
export type NamedKind = (typeof namedKinds)[number];

/** A name as a policy writes it, and where. */
export interface Named {
  readonly kind: NamedKind;
  readonly name: string;
  readonly path: Path;
  readonly place: SourcePosition;
}

/** One without its place. */
export type Name = Pick<Named, "kind" | "name">;

/** A name that GitHub does not know. `nearest`: the one that was probably meant. */
export interface AbsentName extends Name {
  readonly nearest: string | null;
}

/** The same name however it is written: GitHub compares all of these without case. */
export const nameKey = ({ kind, name }: Name, owner: string): string =>
  `${kind}:${(kind === "team" ? teamOf(name, owner) : name).toLowerCase()}`;

interface Found extends Name {
  readonly path: Path;
}

const textsAt = (value: unknown, path: Path, kind: NamedKind): readonly Found[] => {
  const list: readonly (readonly [unknown, Path])[] = Array.isArray(value)
    ? value.map((item: unknown, index) => [item, [...path, index]] as const)
    : [[value, path] as const];
  return list.flatMap(([item, at]) =>
    typeof item === "string" ? [{ kind, name: item.replace(/^@/, ""), path: at }] : [],
  );
};

/** Lists that name people or things wherever they stand; those of globs name something where they are none. */
const kindOfKey: Readonly<Partial<Record<string, NamedKind>>> = {
  users: "user",
  teams: "team",
  environments: "environment",
  labels: "label",
  without_labels: "label",
};

/** In a condition these keys hold logins; elsewhere the same keys mean something else. */
const peopleOfConditions: readonly string[] = ["authors", "actors", "contributors"];

const kindAt = (key: string, path: Path): NamedKind | undefined =>
  peopleOfConditions.includes(key) && path.includes("when") ? "user" : kindOfKey[key];

function within(value: unknown, path: Path): readonly Found[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): readonly Found[] => {
    const at: Path = [...path, Array.isArray(value) ? Number(key) : key];
    const kind = Array.isArray(value) ? undefined : kindAt(key, path);
    const isMapping = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    // `labels: { all: […], any: […], none: […] }`; `authors: { users: […], teams: […] }`.
    if (key === "labels" && isMapping)
      return Object.entries(inner).flatMap(([list, names]: [string, unknown]) =>
        textsAt(names, [...at, list], "label"),
      );
    if (key === "promoted_from" && isMapping && "environment" in inner)
      return textsAt(inner.environment, [...at, "environment"], "environment");
    return kind === undefined || isMapping ? within(inner, at) : textsAt(inner, at, kind);
  });
}

/** Every name in a policy's own text that refers to something at GitHub. Patterns and Apps are left out: they need not exist. */
export function namesIn({ policy, raw, source }: ParsedPolicy): readonly Named[] {
  const { rules = [], overrides = [] } = policy;
  const found = [
    ...rules.flatMap(({ enforcement }, index) =>
      enforcement === "disabled"
        ? []
        : ["when", "require"].flatMap((key) => partOf(raw, ["rules", index, key])),
    ),
    ...overrides.flatMap(({ label }, index) => [
      ...partOf(raw, ["overrides", index]),
      ...(label === undefined
        ? []
        : [{ kind: "label" as const, name: label, path: ["overrides", index, "label"] }]),
    ]),
    ...["freezers", "freezes"].flatMap((key) => partOf(raw, [key])),
    ...Object.keys(policy.tickets ?? {}).flatMap((severity) =>
      partOf(raw, ["tickets", severity, "assign"]),
    ),
  ];
  return found
    .filter(({ kind, name }) =>
      kind === "user"
        ? !name.endsWith("[bot]") && !isLoginGlob(name)
        : kind === "team" || isLiteral(name),
    )
    .map((each) => ({ ...each, place: source.positions.ofValue(each.path) }));
}

const partOf = (raw: unknown, path: Path): readonly Found[] => within(valueAt(raw, path), path);
