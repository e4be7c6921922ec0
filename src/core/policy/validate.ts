import { checkPolicy } from "./check/index.ts";
import type { KnownNames } from "./check/report.ts";
import { parseExtends } from "./extends.ts";
import { policyPath } from "./files.ts";
import { problemsOf } from "#core/yaml/issues.ts";
import { parseYaml } from "#core/yaml/parse.ts";
import { hasErrors, inOrder, type Problem } from "#core/yaml/problem.ts";
import { policySchema, type Policy } from "./schema.ts";
import { problemAt, type Source } from "#core/yaml/source.ts";

/** A policy whose text is right: typed, raw, and with the place of each part. */
export interface ParsedPolicy {
  readonly policy: Policy;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly source: Source;
  /** Where it stands, for messages. */
  readonly path: string;
  /** Warnings; a parsed policy has no errors. */
  readonly problems: readonly Problem[];
}

export interface ReadOptions {
  readonly path?: string;
  /** Texts of what `extends` may name, by what it says: preset names (`recommended`) and `org/repo:path@ref`. */
  readonly presets?: ReadonlyMap<string, string>;
  readonly extended?: ReadonlyMap<string, string>;
  /** The organisation's policy, whose rules and windows a repository's may name. */
  readonly organization?: ParsedPolicy | undefined;
}

export interface Validation {
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  readonly policy?: ParsedPolicy;
}

/** Checks a policy text: YAML, grammar, names, gates. Valid is what has no error; warnings may remain. Never throws. */
export function validatePolicy(text: string, options: ReadOptions = {}): Validation {
  const parsed = parseYaml(text);
  if (!parsed.ok) return { valid: false, problems: parsed.problems };
  const { source } = parsed;
  const { data } = source;
  if (data === null)
    return {
      valid: false,
      problems: [
        problemAt(
          { line: 1, column: 1 },
          "",
          "the file is empty; write version: 1 and rules, or enforcement: disabled to retire the policy",
        ),
      ],
    };
  if (!isMapping(data))
    return {
      valid: false,
      problems: [
        problemAt(source.positions.ofValue([]), "", "a policy is a mapping (version: 1, rules: …)"),
      ],
    };
  const result = policySchema.safeParse(data);
  if (!result.success)
    return {
      valid: false,
      problems: inOrder(problemsOf(result.error.issues, source, policySchema)),
    };
  const policy = result.data;
  const problems = inOrder(
    checkPolicy({
      policy,
      raw: data,
      source,
      known: knownFrom(policy, options),
      presets:
        options.presets === undefined || options.presets.size === 0
          ? null
          : [...options.presets.keys()],
      alone: options.organization === undefined,
    }),
  );
  const path = options.path ?? policyPath;
  return hasErrors(problems)
    ? { valid: false, problems }
    : { valid: true, problems, policy: { policy, raw: data, source, path, problems } };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Names that extended files and the organisation bring; null when an extended one is not at hand. */
function knownFrom(policy: Policy, options: ReadOptions): KnownNames | null {
  const above: Policy[] = [];
  const organization = options.organization?.policy;
  for (const extended of [policy.extends, organization?.extends]) {
    if (extended === undefined) continue;
    const text = extendedText(extended, options);
    const base = text === null ? null : policySchema.safeParse(dataOf(text));
    if (base?.success !== true) return null;
    above.push(base.data);
  }
  return namesOf(organization === undefined ? above : [...above, organization]);
}

/** The text that `extends` names, where the caller has it. */
export function extendedText(
  extended: string,
  { presets, extended: files }: Pick<ReadOptions, "presets" | "extended">,
): string | null {
  const named = parseExtends(extended);
  if (named === null) return null;
  return (named.kind === "preset" ? presets?.get(named.name) : files?.get(extended)) ?? null;
}

function dataOf(text: string): unknown {
  const parsed = parseYaml(text);
  return parsed.ok ? parsed.source.data : null;
}

function namesOf(policies: readonly Policy[]): KnownNames {
  return {
    rules: new Set(policies.flatMap(({ rules = [] }) => rules.map((rule) => rule.name))),
    windows: new Set(policies.flatMap(({ windows = {} }) => Object.keys(windows))),
    calendars: new Set(policies.flatMap(({ calendars = {} }) => Object.keys(calendars))),
    freezes: new Set(policies.flatMap(({ freezes = [] }) => freezes.map((freeze) => freeze.name))),
  };
}
