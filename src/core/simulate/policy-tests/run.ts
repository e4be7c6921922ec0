import type { CaseResult, PolicyTestRun } from "#core/model/policy-test.ts";
import type { Decision } from "#core/model/decision.ts";
import type { VerdictKind } from "#core/model/verdict.ts";
import { policyTestCaps } from "#core/yaml/caps.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { decide, policyFor, type SimulatedInput, type UnusableInput } from "../evaluate.ts";
import { problemsOf, valueAt } from "#core/yaml/issues.ts";
import { parseYaml } from "#core/yaml/parse.ts";
import { factsFromData, type SimulatedWorld } from "../facts/facts.ts";
import { nearest } from "#core/text/nearest.ts";
import { inOrder, pathText, type Path, type Problem } from "#core/yaml/problem.ts";
import { problemAt, type Source } from "#core/yaml/source.ts";
import { policyTestsSchema } from "./schema.ts";

export type PolicyTestResult =
  | { readonly ok: true; readonly run: PolicyTestRun }
  | {
      readonly ok: false;
      readonly input: UnusableInput["input"] | "tests";
      readonly problems: readonly Problem[];
    };

export type PolicyTestInput = Pick<
  SimulatedInput,
  "policy" | "organization" | "presets" | "extended" | "files"
> & {
  /** Text of the test file. */
  readonly tests: string;
  /** Epoch ms, for cases that do not say when. */
  readonly clock: number;
};

/** Runs policy tests (docs/policy-tests.md): each case's facts through the policy, compared with what it expects. */
export function runPolicyTests(input: PolicyTestInput): PolicyTestResult {
  const parsed = parseYaml(input.tests, policyTestCaps);
  if (!parsed.ok) return { ok: false, input: "tests", problems: parsed.problems };
  const { source } = parsed;
  const tests = policyTestsSchema.safeParse(source.data);
  if (!tests.success)
    return {
      ok: false,
      input: "tests",
      problems: inOrder(problemsOf(tests.error.issues, source, policyTestsSchema)),
    };

  const defaults = valueAt(source.data, ["defaults"]);
  const cases: CaseResult[] = [];
  const coverage = new Map<string, Set<VerdictKind>>();
  for (const { name, path, expect } of tests.data.cases) {
    const facts = factsFromData(
      merge(defaults, valueAt(source.data, [...path, "given"])),
      input.clock,
      input.files,
    );
    if (!facts.ok)
      return {
        ok: false,
        input: "tests",
        problems: facts.problems.map((problem) => ({
          ...problem,
          ...source.positions.ofValue(path),
          path: `${pathText(path)}: ${problem.path}`,
        })),
      };
    const made = policyFor(input, facts.facts);
    if (!made.ok) return made;
    const unknownRules = misnamed(expect.rules, made.policy, source, path);
    if (unknownRules.length > 0) return { ok: false, input: "tests", problems: unknownRules };
    const decision = decideAndCount(made.policy, facts.facts, coverage);
    const mismatches = compare(decision, expect);
    cases.push({
      name,
      ok: mismatches.length === 0,
      line: source.positions.ofKey(path).line,
      decision: decision.kind,
      mismatches,
    });
  }
  return {
    ok: true,
    run: {
      ok: cases.every((each) => each.ok),
      cases,
      coverage: [...coverage].map(([rule, verdicts]) => ({
        rule,
        passed: verdicts.has("pass"),
        failed: verdicts.has("fail") || verdicts.has("pending"),
      })),
    },
  };
}

function decideAndCount(
  policy: EffectivePolicy,
  facts: SimulatedWorld,
  coverage: Map<string, Set<VerdictKind>>,
): Decision {
  for (const { name, enforcement } of policy.rules)
    if (enforcement !== "disabled" && !coverage.has(name)) coverage.set(name, new Set());
  const decision = decide(policy, facts);
  for (const { name, verdict } of decision.rules) coverage.get(name)?.add(verdict.kind);
  return decision;
}

/** A case's own facts stand over the defaults, key by key. */
function merge(defaults: unknown, given: unknown): unknown {
  return { ...(isObject(defaults) ? defaults : {}), ...(isObject(given) ? given : {}) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Expected {
  readonly decision?: Decision["kind"] | undefined;
  readonly rules: Readonly<Record<string, VerdictKind>>;
}

function misnamed(
  rules: Expected["rules"],
  policy: EffectivePolicy,
  source: Source,
  path: Path,
): readonly Problem[] {
  const known = policy.rules.map((rule) => rule.name);
  return Object.keys(rules)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const places: readonly Path[] = [["rules", name], ["verdicts", name], [name]].map((rest) => [
        ...path,
        "expect",
        ...rest,
      ]);
      const where = places.find((place) => valueAt(source.data, place) !== undefined) ?? [
        ...path,
        "expect",
      ];
      const hint = nearest(name, known);
      return problemAt(
        source.positions.ofKey(where),
        pathText(where),
        `the policy has no rule "${name}"${hint === undefined ? "" : `; did you mean "${hint}"?`}`,
        "error",
        hint,
      );
    });
}

function compare(decision: Decision, expected: Expected): readonly string[] {
  const wrongDecision =
    expected.decision === undefined || expected.decision === decision.kind
      ? []
      : [`decision: expected ${expected.decision}, got ${decision.kind}${reasonsOf(decision)}`];
  const wrongRules = Object.entries(expected.rules).flatMap(([name, wanted]) => {
    const outcome = decision.rules.find((rule) => rule.name === name);
    // A rule of the other gate does not apply here, which is what skipped means.
    const got = outcome?.verdict.kind ?? "skipped";
    return got === wanted
      ? []
      : [
          `rule ${name}: expected ${wanted}, got ${got}${outcome === undefined ? " (it does not stand at this gate)" : `: ${outcome.verdict.found}`}`,
        ];
  });
  return [...wrongDecision, ...wrongRules];
}

function reasonsOf(decision: Decision): string {
  const unmet = decision.rules.filter(
    ({ verdict }) => verdict.kind !== "pass" && verdict.kind !== "skipped",
  );
  return unmet.length === 0
    ? ""
    : ` (${unmet.map(({ name, verdict }) => `${name} ${verdict.kind}: ${verdict.found}`).join("; ")})`;
}
