import type { Decision } from "#core/model/decision.ts";
import type { FactTable, Need } from "#core/model/fact.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import { type AskedBefore, askedBefore } from "#core/policy/asked-before.ts";
import { changesAt, combine } from "#core/policy/combine.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { evaluate, overrideFor, type EvaluationInput } from "#core/policy/evaluate.ts";
import { wantedFacts } from "#core/policy/plan.ts";
import { acknowledged } from "./acknowledge.ts";
import { builtInNeeds, builtInOutcomes, freezeBegins, refWarnings, type Look } from "./built-in.ts";

/** Facts to read next for a deployment: what the policy needs, and what is read for every deployment. */
export function wantedForDeployment(
  policy: EffectivePolicy,
  subject: DeploymentSubject,
  known: FactTable,
  now: number,
  look: Look = "full",
  before: AskedBefore = askedBefore(),
): readonly Need<unknown>[] {
  const builtIn = builtInNeeds(policy, subject, known, look).filter((need) => !known.has(need.key));
  return [
    ...new Map(
      [...builtIn, ...wantedFacts(policy, subject, known, now, before)].map((need) => [
        need.key,
        need,
      ]),
    ).values(),
  ];
}

/** Judges a deployment: the policy's rules, and what holds whatever they say. A function of its input and nothing else. */
export function decideDeployment(
  input: Omit<EvaluationInput, "subject"> & { readonly subject: DeploymentSubject },
): Decision {
  const { policy, subject, facts, now, holds } = input;
  const decision = evaluate(input);
  const judged = acknowledged(policy, subject, facts, now, decision.rules);
  const rules = [
    ...builtInOutcomes(policy, subject, facts, now, judged, (rule) => overrideFor(rule, input)),
    ...judged,
  ];
  const kind = combine(rules, holds);
  // A yes ends at the latest when a freeze begins that a person made, whether or not a rule looks at freezes.
  const begins = kind === "allow" ? freezeBegins(subject, facts, now) : undefined;
  const turns = changesAt(rules, now);
  const at = Math.min(turns ?? Number.POSITIVE_INFINITY, begins ?? Number.POSITIVE_INFINITY);
  const { changesAt: _before, ...rest } = decision;
  return {
    ...rest,
    rules,
    kind,
    warnings: [...decision.warnings, ...refWarnings(subject, facts)],
    ...(Number.isFinite(at) ? { changesAt: at } : {}),
  };
}
