import type { Event } from "#core/model/event.ts";
import type { FactTable, ListedFactRef, Need } from "#core/model/fact.ts";
import { type Gate, gateOf, type Subject } from "#core/model/subject.ts";
import { isHoldLabel } from "#core/model/hold-label.ts";
import type { BoundRule } from "#core/rules/kit/rule.ts";
import { type AskedBefore, askedBefore } from "./asked-before.ts";
import { askRule, askWhether, type Judgement } from "./ask-rule.ts";
import type { EffectivePolicy, EffectiveRule } from "./effective.ts";
import { boundLeaves } from "./requirement.ts";
import { factsOfWhen, isHeard, testsOf } from "./when/when.ts";

/**
 * Facts worth reading next, given those in `known` (readable or not); asked again after each round until it is empty.
 * First what `when` needs; a rule that does not apply, or of which that cannot be told, asks for nothing more.
 * `before`: of the same judgement's earlier rounds; only rules whose facts came since then are asked again.
 */
export function wantedFacts(
  policy: EffectivePolicy,
  subject: Subject,
  known: FactTable,
  now: number,
  before: AskedBefore = askedBefore(),
): readonly Need<unknown>[] {
  const wanted = new Map<string, Need<unknown>>();
  for (const rule of policy.rules) {
    if (rule.enforcement === "disabled" || !rule.gates.includes(gateOf(subject))) continue;
    for (const need of needsOf(rule, { subject, facts: known, now }, before))
      if (!known.has(need.key)) wanted.set(need.key, need);
  }
  return [...wanted.values()];
}

/** Rules in force with a fact that was neither read nor found unreadable, so that they cannot be compared. */
export function unreadRules(
  policy: EffectivePolicy,
  subject: Subject,
  known: FactTable,
  now: number,
): readonly string[] {
  const asked = policy.rules.filter(
    (rule) => rule.enforcement !== "disabled" && rule.gates.includes(gateOf(subject)),
  );
  const before = askedBefore();
  return asked
    .filter((rule) =>
      needsOf(rule, { subject, facts: known, now }, before).some((need) => !known.has(need.key)),
    )
    .map(({ name }) => name);
}

function needsOf(
  rule: EffectiveRule,
  judgement: Judgement,
  before: AskedBefore,
): readonly Need<unknown>[] {
  if (rule.when !== null) {
    const { answer, needs } = askWhether(rule.when, rule, judgement, before);
    if (answer === false) return [];
    if (answer === "unknown") return needs;
  }
  return boundLeaves(rule.requirement).flatMap((leaf) => askedBy(leaf, rule, judgement, before));
}

/** A rule that breaks while planning asks for nothing; the evaluation then says that it broke. */
function askedBy(
  leaf: BoundRule,
  rule: EffectiveRule,
  judgement: Judgement,
  before: AskedBefore,
): readonly Need<unknown>[] {
  try {
    return askRule(leaf, rule, judgement, before).needs;
  } catch {
    return [];
  }
}

/** Events after which a subject is always judged again: it is new, or is another one now. */
const alwaysHeard: readonly string[] = [
  "pull_request.opened",
  "pull_request.reopened",
  "pull_request.synchronize",
  "merge_group.checks_requested",
  "deployment_protection_rule.requested",
];

/** Whether any rule in force at the subject's gate could answer differently after this event: the union of what its facts are changed by. */
export function listens(policy: EffectivePolicy, event: Event, kind: Subject["kind"]): boolean {
  const gate: Gate = kind === "deployment" ? "deployment" : "pull_request";
  if (alwaysHeard.includes(event.name)) return true;
  if (event.name === "pull_request.edited" && event.pullRequest?.changed.includes("base") === true)
    return true;
  if (event.label !== null && concernsLabel(policy, event.label)) return true;
  const triggers = triggersAt(policy, gate);
  if (!namesOf(event.name).some((name) => triggers.has(name))) return false;
  const changes = (fact: ListedFactRef): boolean => isChangedBy(fact, event.name);
  return policy.rules.some((rule) => {
    if (rule.enforcement === "disabled" || !rule.gates.includes(gate)) return false;
    if (rule.when !== null && testsOf(rule.when).some((test) => isHeard(test, event, changes)))
      return true;
    return boundLeaves(rule.requirement).some(
      (leaf) => leaf.needs.some(changes) && leaf.isAffectedBy(event),
    );
  });
}

/** `check_run.completed` is told by itself or by the bare `check_run`. */
const namesOf = (name: string): readonly string[] => [name, name.split(".", 1)[0] ?? name];

function isChangedBy(fact: ListedFactRef, name: string): boolean {
  const names = namesOf(name);
  return fact.changedBy.some((trigger) => names.includes(trigger));
}

const triggersKnown = new WeakMap<EffectivePolicy, Map<Gate, ReadonlySet<string>>>();

/** What changes any fact that the gate's rules may ask for: found once for a policy, since most events concern none. */
function triggersAt(policy: EffectivePolicy, gate: Gate): ReadonlySet<string> {
  const known = triggersKnown.get(policy) ?? new Map<Gate, ReadonlySet<string>>();
  triggersKnown.set(policy, known);
  const triggers =
    known.get(gate) ??
    new Set(
      policy.rules
        .filter((rule) => rule.enforcement !== "disabled" && rule.gates.includes(gate))
        .flatMap((rule) => [
          ...(rule.when === null ? [] : factsOfWhen(rule.when)),
          ...boundLeaves(rule.requirement).flatMap(({ needs }) => needs),
        ])
        .flatMap(({ changedBy }) => changedBy),
    );
  known.set(gate, triggers);
  return triggers;
}

function concernsLabel(policy: EffectivePolicy, label: string): boolean {
  return (
    isHoldLabel(label) ||
    policy.overrides.some((override) => override.label?.toLowerCase() === label.toLowerCase())
  );
}
