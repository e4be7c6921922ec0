import type { Enforcement } from "#core/model/decision.ts";
import type { Gate } from "#core/model/subject.ts";
import { extendedText, validatePolicy, type ParsedPolicy, type ReadOptions } from "./validate.ts";
import { parseExtends } from "./extends.ts";
import { withoutPrivateTexts } from "./private-texts.ts";
import { problemAt } from "#core/yaml/source.ts";
import { gatesOf } from "./requirement.ts";
import { valueAt } from "#core/yaml/issues.ts";
import type { Path, Problem } from "#core/yaml/problem.ts";
import type { Policy } from "./schema.ts";
import type { RepositoriesMay } from "./rule-schema.ts";

/** A rule as written, requirement and `when` raw. `require` undefined: it changes a rule of the other layer. */
export interface LayerRule {
  readonly name: string;
  readonly description: string | undefined;
  readonly gates: readonly Gate[] | undefined;
  readonly enforcement: Enforcement | undefined;
  readonly when: unknown;
  readonly require: unknown;
  readonly onFail: "reject" | "hold" | undefined;
  readonly repositoriesMay: RepositoriesMay;
  /** Line of the rule in the file that defines or changes it last; 0 for an extended file. */
  readonly line: number;
  readonly path: Path;
}

/** One file with what it extends: the organisation's policy, or the repository's. */
export interface Layer {
  readonly parsed: ParsedPolicy;
  readonly rules: readonly LayerRule[];
  /** Everything but the rules; of two values the extending file's stands. */
  readonly policy: Omit<Policy, "rules" | "extends" | "version">;
}

export type LayerResult =
  | { readonly ok: true; readonly layer: Layer }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface LayerOptions extends ReadOptions {
  /** Extended files whose own words are not to be shown. */
  readonly hiddenFiles?: readonly string[] | undefined;
}

/** Puts a file on top of what it extends. `owner` is the organisation that extended files must belong to. */
export function makeLayer(parsed: ParsedPolicy, owner: string, options: LayerOptions): LayerResult {
  const { policy } = parsed;
  if (policy.extends === undefined)
    return { ok: true, layer: { parsed, rules: rulesOf(parsed), policy: withDefaults(policy) } };
  const base = readExtended(parsed, policy.extends, owner, options);
  if (!base.ok) return base;
  const read = {
    rules: rulesOf(base.policy, policy.enforcement).map((rule) => ({ ...rule, line: 0 })),
    policy: base.policy.policy,
  };
  const below =
    options.hiddenFiles?.includes(policy.extends) === true ? withoutPrivateTexts(read) : read;
  return {
    ok: true,
    layer: {
      parsed,
      rules: stack(below.rules, rulesOf(parsed)),
      policy: merge(below.policy, policy),
    },
  };
}

function rulesOf(
  { policy, raw, source }: ParsedPolicy,
  enforcement: Enforcement | undefined = policy.enforcement,
): readonly LayerRule[] {
  const fileEnforcement = enforcement ?? policy.enforcement;
  return (policy.rules ?? []).map((rule, index): LayerRule => {
    const path: Path = ["rules", index];
    const require = valueAt(raw, [...path, "require"]);
    // A rule without a requirement changes another: what it leaves out stays as it is there.
    const isChange = require === undefined;
    return {
      name: rule.name,
      description: rule.description,
      gates:
        isChange && rule.applies_to === undefined ? undefined : gatesOf(rule.applies_to, require),
      enforcement: rule.enforcement ?? (isChange ? undefined : (fileEnforcement ?? "active")),
      when: valueAt(raw, [...path, "when"]),
      require,
      onFail: rule.on_fail,
      repositoriesMay: rule.repositories_may ?? "nothing",
      line: source.positions.ofKey(path).line,
      path,
    };
  });
}

/** A rule of the same name replaces the one below, in its place; others follow. */
function stack(below: readonly LayerRule[], above: readonly LayerRule[]): readonly LayerRule[] {
  const over = new Map(above.map((rule) => [rule.name, rule]));
  const names = new Set(below.map((rule) => rule.name));
  return [
    ...below.map((rule) => {
      const changed = over.get(rule.name);
      return changed === undefined ? rule : overlay(rule, changed);
    }),
    ...above.filter((rule) => !names.has(rule.name)),
  ];
}

/** A full rule stands as it is; one without a requirement changes only what it says. */
export function overlay(below: LayerRule, above: LayerRule): LayerRule {
  if (above.require !== undefined) return above;
  return {
    ...above,
    description: above.description ?? below.description,
    gates: above.gates ?? below.gates,
    enforcement: above.enforcement ?? below.enforcement,
    when: above.when ?? below.when,
    require: below.require,
    onFail: above.onFail ?? below.onFail,
  };
}

function withDefaults(policy: Policy): Layer["policy"] {
  const { rules: _rules, extends: _extends, version: _version, ...rest } = policy;
  return rest;
}

function merge(below: Policy, above: Policy): Layer["policy"] {
  const overrides = new Map(
    [...(below.overrides ?? []), ...(above.overrides ?? [])].map((each) => [each.name, each]),
  );
  const freezes = new Map(
    [...(below.freezes ?? []), ...(above.freezes ?? [])].map((each) => [each.name, each]),
  );
  return {
    ...withDefaults(below),
    ...withDefaults(above),
    windows: { ...below.windows, ...above.windows },
    calendars: { ...below.calendars, ...above.calendars },
    freezes: [...freezes.values()],
    overrides: [...overrides.values()],
    tickets: { ...below.tickets, ...above.tickets },
    waivers: [...(below.waivers ?? []), ...(above.waivers ?? [])],
    agents: [...(below.agents ?? []), ...(above.agents ?? [])],
    quarantine: [...(below.quarantine ?? []), ...(above.quarantine ?? [])],
  };
}

type Extended =
  | { readonly ok: true; readonly policy: ParsedPolicy }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Only one level deep and within the organisation (threat T17): a chain could lead anywhere and change without notice. */
function readExtended(
  parsed: ParsedPolicy,
  name: string,
  owner: string,
  options: ReadOptions,
): Extended {
  const refuse = (message: string): Extended => ({
    ok: false,
    problems: [problemAt(parsed.source.positions.ofValue(["extends"]), "extends", message)],
  });
  const named = parseExtends(name);
  if (named === null)
    return refuse("names neither a preset (gatehouse:recommended) nor a file (org/repo:path@ref)");
  if (named.kind === "file" && named.owner.toLowerCase() !== owner.toLowerCase()) {
    return refuse(`${named.owner} is another organisation; only files of ${owner} can be extended`);
  }
  const text = extendedText(name, options);
  if (text === null) {
    const presets = [...(options.presets?.keys() ?? [])]
      .map((preset) => `gatehouse:${preset}`)
      .join(", ");
    return refuse(
      named.kind === "preset"
        ? `there is no preset ${name}; there are ${presets}`
        : `${name} cannot be read: check repository, path and ref, and that the App may read it`,
    );
  }
  const base = validatePolicy(text, { path: name, presets: new Map(), extended: new Map() });
  if (base.policy === undefined) {
    const first = base.problems.find((problem) => problem.severity === "error");
    return refuse(
      `${name} is not a valid policy${first === undefined ? "" : `: line ${first.line}: ${first.message}`}`,
    );
  }
  if (base.policy.policy.extends !== undefined)
    return refuse(
      `${name} itself extends ${base.policy.policy.extends}; extends is one level deep`,
    );
  return { ok: true, policy: base.policy };
}
