import type { Problem } from "#core/yaml/problem.ts";
import { nestingDepth } from "../require-schema.ts";
import { gatesOf, writtenLeaves } from "../requirement.ts";
import { valueAt } from "#core/yaml/issues.ts";
import { bindWhen, testsOf } from "../when/when.ts";
import { errorAt, warningAt, type Check, type CheckContext } from "./report.ts";

const words = { pull_request: "pull requests", deployment: "deployments" } as const;

/** A rule may only apply to gates where its requirement can be judged, and its `when` should mean something there. */
export const standsAtItsGates: Check = (context) =>
  (context.policy.rules ?? []).flatMap((rule, index): readonly Problem[] => {
    const path = ["rules", index];
    const raw = valueAt(context.raw, [...path, "require"]);
    if (raw === undefined) return withoutRequirement(context, index);
    const leaves = writtenLeaves(raw, [...path, "require"]);
    const deepest = leaves.find((leaf) => leaf.depth > nestingDepth);
    if (deepest !== undefined)
      return [
        errorAt(
          context,
          deepest.path,
          `all and any are nested more than ${nestingDepth} levels deep; flatten them`,
        ),
      ];
    const gates = gatesOf(rule.applies_to, raw);
    if (gates.length === 0) {
      return [
        errorAt(
          context,
          [...path, "require"],
          `rule "${rule.name}": its requirements share no gate; say applies_to, or write one rule for each gate`,
        ),
      ];
    }
    const misplaced = gates.flatMap((gate) =>
      leaves.filter((leaf) => !leaf.rule.appliesTo.includes(gate)).map((leaf) => ({ gate, leaf })),
    );
    const first = misplaced[0];
    if (first !== undefined) {
      const { gate, leaf } = first;
      return [
        errorAt(
          context,
          [...path, "applies_to"],
          `rule "${rule.name}": ${leaf.rule.name} cannot judge ${words[gate]}, only ${leaf.rule.appliesTo.map((each) => words[each]).join(" and ")}`,
        ),
      ];
    }
    return [...speechless(context, index, gates), ...uselessOnFail(context, index, gates)];
  });

function withoutRequirement(context: CheckContext, index: number): readonly Problem[] {
  const { policy, known, source } = context;
  const rule = policy.rules?.[index];
  if (rule === undefined) return [];
  const inherited = known === null || known.rules.has(rule.name);
  if (inherited) return [];
  const { line, column } = source.positions.ofValue(["rules", index]);
  return [
    {
      line,
      column,
      path: `rules[${index}]`,
      message: `rule "${rule.name}" has no "require"; write one (it may be left out only for a rule of the extended file)`,
      severity: "error",
    },
  ];
}

function speechless(
  context: CheckContext,
  index: number,
  gates: ReturnType<typeof gatesOf>,
): readonly Problem[] {
  const when = valueAt(context.raw, ["rules", index, "when"]);
  if (when === undefined) return [];
  return testsOf(bindWhen(when)).flatMap((test) => {
    const elsewhere = gates.filter((gate) => !test.gates.includes(gate));
    if (elsewhere.length === 0) return [];
    const path = [
      "rules",
      index,
      "when",
      ...(valueAt(when, [test.name]) === undefined ? [] : [test.name]),
    ];
    const places = elsewhere.map((gate) => words[gate]).join(" and ");
    if (test.otherwise === "silent")
      return [
        warningAt(
          context,
          path,
          `${test.name} says nothing about ${places}: there the rule applies whatever it says`,
        ),
      ];
    return elsewhere.length < gates.length
      ? []
      : [
          warningAt(
            context,
            path,
            `${test.name} never holds for ${places}, so the rule never applies; say applies_to: deployment`,
          ),
        ];
  });
}

function uselessOnFail(
  context: CheckContext,
  index: number,
  gates: ReturnType<typeof gatesOf>,
): readonly Problem[] {
  if (context.policy.rules?.[index]?.on_fail === undefined || gates.includes("deployment"))
    return [];
  return [
    warningAt(
      context,
      ["rules", index, "on_fail"],
      "on_fail is for deployments; this rule judges pull requests only",
    ),
  ];
}
