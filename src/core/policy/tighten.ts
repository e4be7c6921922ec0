import { type Actors, type Role, roles } from "#core/model/actor.ts";
import { enforcements, type Enforcement } from "#core/model/decision.ts";
import { parseDuration } from "#core/text/duration.ts";
import { bindRequirement, type Requirement } from "./requirement.ts";
import type { AnyRule, Direction } from "#core/rules/kit/rule.ts";
import type { LayerRule } from "./layer.ts";
import type { Path } from "#core/yaml/problem.ts";
import type { OverrideDefinition } from "./schema.ts";
import { predicateList } from "./when/index.ts";

/** A value of a repository that is looser than the organisation's and is refused. */
export interface Refusal {
  /** From the rule (or the override) to the value; of one that was left out, to where it would stand. */
  readonly path: Path;
  readonly why: string;
  /** The repository left the value out, so nobody tried to loosen anything. */
  readonly isLeftOut: boolean;
}

export interface Tightened<Value> {
  readonly value: Value;
  readonly refusals: readonly Refusal[];
}

/**
 * The organisation's rule with what the repository's tightens of it: field by field, a tighter value stands, a looser
 * one is refused and the organisation's stands.
 */
export function tightenRule(ours: LayerRule, wanted: LayerRule): Tightened<LayerRule> {
  const refusals: Refusal[] = [];
  const keep = <Value>(path: Path, why: string, value: Value): Value => {
    refusals.push({ path, why, isLeftOut: false });
    return value;
  };
  const lost = (ours.gates ?? []).filter((gate) => !(wanted.gates ?? []).includes(gate));
  const require = tightenRequire(ours.require, wanted.require);
  const isLess = weight(wanted.enforcement) < weight(ours.enforcement);
  const value: LayerRule = {
    ...wanted,
    repositoriesMay: ours.repositoriesMay,
    enforcement: isLess
      ? keep(
          ["enforcement"],
          `enforcement ${wanted.enforcement ?? "active"} is less than ${ours.enforcement ?? "active"}`,
          ours.enforcement,
        )
      : wanted.enforcement,
    gates:
      lost.length > 0
        ? keep(["applies_to"], `it no longer applies to ${lost.join(" and ")}`, ours.gates)
        : wanted.gates,
    when: isWider(ours.when, wanted.when)
      ? wanted.when
      : keep(
          ["when"],
          "its when differs, and may hold less often (leave it out to apply always)",
          ours.when,
        ),
    onFail:
      wanted.onFail === "hold" && ours.onFail !== "hold"
        ? keep(["on_fail"], "on_fail: hold instead of reject", ours.onFail)
        : wanted.onFail,
    require: require.value,
  };
  return { value, refusals: [...refusals, ...require.refusals] };
}

const weight = (enforcement: Enforcement | undefined): number =>
  -enforcements.indexOf(enforcement ?? "active");

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a `when` surely holds wherever another does: fewer keys, each at least as wide. */
function isWider(ours: unknown, theirs: unknown): boolean {
  if (theirs === undefined || isSame(ours, theirs)) return true;
  if (!isRecord(ours) || !isRecord(theirs)) return false;
  return Object.entries(theirs).every(([key, value]) => {
    if (!Object.hasOwn(ours, key)) return false;
    if (isSame(ours[key], value)) return true;
    return predicateList.find(({ name }) => name === key)?.isWider(ours[key], value) ?? false;
  });
}

/** Parameters of the same requirement are compared one by one; anything else is accepted or refused as a whole. */
function tightenRequire(ours: unknown, theirs: unknown): Tightened<unknown> {
  if (isAsTight(ours, theirs)) return { value: theirs, refusals: [] };
  const [own, wanted] = [bindRequirement(ours), bindRequirement(theirs)];
  if (
    own.kind === "one" &&
    wanted.kind === "one" &&
    own.rule.name === wanted.rule.name &&
    own.rule.joined === "value"
  ) {
    const joined = joinedLists(listOf(own.raw), listOf(wanted.raw));
    if (
      !isOnlyLess(listOf(own.raw), listOf(wanted.raw)) &&
      own.rule.params.safeParse(joined).success &&
      isAtLeast(own.rule.compare(own.raw, joined))
    )
      return { value: { [own.rule.name]: joined }, refusals: [] };
  }
  if (
    own.kind !== "one" ||
    wanted.kind !== "one" ||
    own.rule.name !== wanted.rule.name ||
    !isRecord(own.raw) ||
    !isRecord(wanted.raw)
  ) {
    return {
      value: ours,
      refusals: [
        {
          path: ["require"],
          why: "its requirement asks for less, or for something else",
          isLeftOut: false,
        },
      ],
    };
  }
  const { rule, raw } = own;
  const written = withJoined(rule.joined, raw, wanted.raw);
  const refusals: Refusal[] = [];
  let value: Readonly<Record<string, unknown>> = raw;
  // A value that was left out is no request to change it, so only one that is certainly not looser is accepted.
  const stands = (candidate: unknown, than: unknown, isLeftOut: boolean): boolean => {
    if (!rule.params.safeParse(candidate).success) return false;
    const direction = rule.compare(than, candidate);
    return isLeftOut ? isAtLeast(direction) : direction !== "looser";
  };
  for (const key of new Set([...Object.keys(written), ...Object.keys(raw)])) {
    const { [key]: _ours, ...rest } = value;
    const isLeftOut = !Object.hasOwn(written, key);
    const candidate = isLeftOut ? rest : { ...rest, [key]: written[key] };
    const isLess = rule.joined.includes(key) && isOnlyLess(raw[key], wanted.raw[key]);
    if (!isLess && stands(candidate, isLeftOut ? value : raw, isLeftOut)) value = candidate;
    else
      refusals.push({
        path: ["require", rule.name, key],
        why: isLeftOut
          ? `${key} is left out of its ${rule.name}`
          : `${key} of its ${rule.name} asks for less, or for something else`,
        isLeftOut,
      });
  }
  // A value that leaves evidence out is combined with the organisation's, so that everything that fails there still
  // fails.
  return {
    value:
      rule.compare(raw, value) === "beside"
        ? { all: [{ [rule.name]: raw }, { [rule.name]: value }] }
        : { [rule.name]: value },
    refusals,
  };
}

/** The repository's parameters; lists of which more is tighter hold the organisation's entries as well. */
function withJoined(
  keys: AnyRule["joined"],
  ours: Readonly<Record<string, unknown>>,
  theirs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (keys === "value") return theirs;
  return Object.fromEntries(
    Object.entries(theirs).map(([key, list]) => [
      key,
      keys.includes(key) ? joinedLists(ours[key], list) : list,
    ]),
  );
}

function joinedLists(ours: unknown, theirs: unknown): unknown {
  if (!Array.isArray(ours) || !Array.isArray(theirs)) return theirs;
  const known = new Set(ours.map(canonical));
  const added: readonly unknown[] = theirs.filter((each) => !known.has(canonical(each)));
  return [...ours.map((each: unknown) => each), ...added];
}

/** Whether a list only drops entries of the organisation's: joined it would have no effect, so it is refused and reported. */
function isOnlyLess(ours: unknown, theirs: unknown): boolean {
  if (!Array.isArray(ours) || !Array.isArray(theirs)) return false;
  const [own, wanted] = [new Set(ours.map(canonical)), new Set(theirs.map(canonical))];
  return own.size > wanted.size && [...wanted].every((each) => own.has(each));
}

/** A list of names, one of them written alone. */
const listOf = (value: unknown): unknown => (typeof value === "string" ? [value] : value);

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
    return theirs.kind === "any"
      ? theirs.of.every((part) => ours.of.some((own) => includes(part, own)))
      : ours.of.some((own) => includes(theirs, own));
  }
  return (
    theirs.kind === "one" &&
    theirs.rule.name === ours.rule.name &&
    isAtLeast(ours.rule.compare(ours.raw, theirs.raw))
  );
}

/** By itself, without the organisation's value beside it. */
const isAtLeast = (direction: Direction): boolean =>
  direction === "same" || direction === "tighter";

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

/** The same for an override: fewer people, fewer rules, more confirmations, a shorter time. `written`: the keys that the repository wrote. */
export function tightenOverride(
  ours: OverrideDefinition,
  theirs: OverrideDefinition,
  written: readonly string[],
): Tightened<OverrideDefinition> {
  const wider: Readonly<Record<(typeof overrideKeys)[number], string | false>> = {
    by: !isWithin(theirs.by, ours.by) && "more people may grant it",
    rules: theirs.rules.some((rule) => !ours.rules.includes(rule)) && "it covers more rules",
    confirmations: theirs.confirmations < ours.confirmations && "fewer confirmations",
    lasts:
      (parseDuration(theirs.lasts) ?? Infinity) > (parseDuration(ours.lasts) ?? 0) &&
      "it lasts longer",
    ticket: ours.ticket === "required" && theirs.ticket !== "required" && "no ticket is required",
    post_review:
      ours.post_review !== undefined &&
      !isSame(ours.post_review, theirs.post_review) &&
      "its post_review differs",
    label: ours.label === undefined && theirs.label !== undefined && "a label may ask for it",
  };
  const refusals = overrideKeys.flatMap((key): readonly Refusal[] => {
    const why = wider[key];
    return why === false ? [] : [{ path: [key], why, isLeftOut: !written.includes(key) }];
  });
  const taken = written.filter((key) => !refusals.some(({ path }) => path[0] === key));
  const value = {
    ...ours,
    ...Object.fromEntries(Object.entries(theirs).filter(([key]) => taken.includes(key))),
  };
  return { value, refusals };
}

const overrideKeys = [
  "by",
  "rules",
  "confirmations",
  "lasts",
  "ticket",
  "post_review",
  "label",
] as const;

/** Whether everybody of `inner` is surely among `outer`, as far as names can tell. */
function isWithin(inner: Actors, outer: Actors): boolean {
  const fold = (list: readonly string[] | undefined): readonly string[] =>
    (list ?? []).map((name) => name.toLowerCase());
  const [users, teams] = [fold(outer.users), fold(outer.teams)];
  const least = (list: readonly Role[] | undefined): number =>
    Math.min(...(list ?? []).map((role) => roles.indexOf(role)), roles.length);
  return (
    fold(inner.users).every((user) => users.includes(user)) &&
    fold(inner.teams).every((team) => teams.includes(team)) &&
    least(inner.roles) >= least(outer.roles)
  );
}
