import type { Decision } from "#core/model/decision.ts";
import { answerData, type AnswerData } from "#core/render/answer-data.ts";
import { askedBefore } from "#core/policy/asked-before.ts";
import { effectivePolicy } from "#core/policy/assemble.ts";
import type { EffectivePolicy } from "#core/policy/effective.ts";
import { decideDeployment } from "#core/decide/decide.ts";
import { evaluate } from "#core/policy/evaluate.ts";
import { policyZone } from "#core/policy/policy-zone.ts";
import { renderDecision } from "#core/render/decision.ts";
import { simulateFacts, tableOf, type SimulatedWorld } from "./facts/facts.ts";
import { overridesOf } from "./facts/overrides.ts";
import { actsOf, inForce, withActs } from "./facts/comments.ts";
import { propertiesOf, type SimulatedFiles } from "./facts/world.ts";
import type { Problem } from "#core/yaml/problem.ts";
import { validatePolicy, type ParsedPolicy } from "#core/policy/validate.ts";

export interface SimulatedInput {
  readonly policy: string;
  readonly organization?: string | undefined;
  readonly facts: string;
  /** Epoch ms; wins over the `now` of the facts. */
  readonly now?: number | undefined;
  /** The clock, where neither says when. */
  readonly clock: number;
  readonly presets: ReadonlyMap<string, string>;
  readonly extended?: ReadonlyMap<string, string> | undefined;
  /** Files that the policy names, by path from the repository's root. */
  readonly files?: SimulatedFiles | undefined;
}

/** Which of the inputs cannot be used, and why. */
export interface UnusableInput {
  readonly input: "policy" | "organization" | "facts";
  readonly problems: readonly Problem[];
}

export type SimulatedResult =
  | { readonly ok: true; readonly answer: AnswerData; readonly decision: Decision }
  | ({ readonly ok: false } & UnusableInput);

/** The decision of a policy over facts in plain words: `gatehouse evaluate`. */
export function evaluateSimulated(input: SimulatedInput): SimulatedResult {
  // Facts that say when are judged at another instant all the same: what comes after it has not happened.
  const read = simulateFacts(input.facts, input.clock, input.files, input.now);
  if (!read.ok) return { ok: false, input: "facts", problems: read.problems };
  const { facts } = read;
  const made = policyFor(input, facts);
  if (!made.ok) return made;
  const decision = decide(made.policy, facts);
  return {
    ok: true,
    answer: answerData(decision, renderDecision(decision, { zone: policyZone(made.policy) })),
    decision,
  };
}

export type SimulatedPolicy =
  | { readonly ok: true; readonly policy: EffectivePolicy }
  | ({ readonly ok: false } & UnusableInput);

/** The effective policy for the repository that the facts describe. */
export function policyFor(
  {
    policy,
    organization,
    presets,
    extended = new Map(),
  }: Pick<SimulatedInput, "policy" | "organization" | "presets" | "extended">,
  { world }: SimulatedWorld,
): SimulatedPolicy {
  let above: ParsedPolicy | null = null;
  if (organization !== undefined) {
    const read = validatePolicy(organization, { presets, extended });
    if (read.policy === undefined)
      return { ok: false, input: "organization", problems: read.problems };
    above = read.policy;
  }
  const own = validatePolicy(policy, { presets, extended, organization: above ?? undefined });
  if (own.policy === undefined) return { ok: false, input: "policy", problems: own.problems };
  const made = effectivePolicy({
    repository: { owner: world.owner, name: world.name, properties: propertiesOf(world) },
    organization: above,
    own: own.policy,
    presets,
    extended,
    digest: "plain",
  });
  return made.ok
    ? { ok: true, policy: made.policy }
    : {
        ok: false,
        input: made.file === "organization" ? "organization" : "policy",
        problems: made.problems,
      };
}

export function decide(policy: EffectivePolicy, facts: SimulatedWorld): Decision {
  const { subject, now, world } = facts;
  const acts = actsOf(policy, world, subject, facts.answer);
  const said = inForce(policy, world, subject, acts, facts.answer);
  const before = askedBefore();
  const table = tableOf(policy, { ...facts, answer: withActs(facts.answer, acts, now) }, before);
  const around = {
    policy,
    facts: table,
    now,
    before,
    holds: [...facts.holds, ...said.holds],
    overrides: [...overridesOf(policy, facts), ...said.overrides],
  };
  return subject.kind === "deployment"
    ? decideDeployment({ ...around, subject })
    : evaluate({ ...around, subject });
}
