import type { Event } from "#core/model/event.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import type { RuleSource } from "#core/model/decision.ts";
import { gateOf, type Subject } from "#core/model/subject.ts";
import type { PolicyContext } from "#core/rules/kit/rule.ts";
import type { Ask } from "#core/facts/ask.ts";
import { predicateList } from "./index.ts";
import type { BoundPredicate, WhenContext } from "./predicate.ts";

/** A `when` with its parameters inside: all tests, the negation and one of the alternatives must hold. */
export interface When {
  readonly tests: readonly BoundPredicate[];
  readonly not: When | null;
  readonly any: readonly When[] | null;
}

/**
 * `silent`: no key applies to this gate; the rule then applies. `unknown`: a fact that decides it has not been
 * read, or cannot be.
 */
export type WhenAnswer = true | false | "unknown" | "silent";

/** Binds the raw value of a `when` that its schema has accepted. */
export function bindWhen(raw: unknown): When {
  const given = isRecord(raw) ? raw : {};
  return {
    tests: predicateList
      .filter((predicate) => given[predicate.name] !== undefined)
      .map((predicate) => predicate.bind(given[predicate.name])),
    not: given["not"] === undefined ? null : bindWhen(given["not"]),
    any: Array.isArray(given["any"]) ? given["any"].map(bindWhen) : null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The surroundings in which a rule's own `when` is asked. */
export const whenContext = (
  { source, context }: { readonly source: RuleSource; readonly context: PolicyContext },
  subject: Subject,
): WhenContext => ({
  subject,
  owner: context.owner,
  agents: context.agents,
  // What a repository says of itself is its own rules' business.
  ...(source === "organization"
    ? { unprovenAgents: context.unprovenAgents, earlierNames: context.earlierNames }
    : {}),
});

/** Keys are combined with AND: the first false ends it, and no further fact is asked for. */
export function askWhen(when: When, context: WhenContext, ask: Ask): WhenAnswer {
  const answers: WhenAnswer[] = [];
  for (const part of partsOf(when, context, ask)) {
    const answer = part();
    if (answer === false) return false;
    answers.push(answer);
  }
  if (answers.includes("unknown")) return "unknown";
  if (answers.length === 0) return true;
  return answers.includes(true) ? true : "silent";
}

function partsOf(when: When, context: WhenContext, ask: Ask): readonly (() => WhenAnswer)[] {
  const { not, any } = when;
  return [
    ...when.tests.map((test) => () => askTest(test, context, ask)),
    ...(any === null ? [] : [() => oneOf(any, context, ask)]),
    ...(not === null
      ? []
      : [() => negated(askWhen(not, { ...context, isNegated: context.isNegated !== true }, ask))]),
  ];
}

function askTest(test: BoundPredicate, context: WhenContext, ask: Ask): WhenAnswer {
  if (!test.gates.includes(gateOf(context.subject))) return test.otherwise;
  return test.test(context, ask) ?? "unknown";
}

function oneOf(alternatives: readonly When[], context: WhenContext, ask: Ask): WhenAnswer {
  const answers = alternatives.map((alternative) => askWhen(alternative, context, ask));
  if (answers.includes(true)) return true;
  if (answers.includes("unknown")) return "unknown";
  return answers.includes("silent") ? "silent" : false;
}

function negated(answer: WhenAnswer): WhenAnswer {
  return typeof answer === "boolean" ? !answer : answer;
}

/** Facts a `when` may ask for, and whether an event can concern it. */
export function factsOfWhen(when: When): readonly ListedFactRef[] {
  return testsOf(when).flatMap((test) => test.needs);
}

export function testsOf(when: When): readonly BoundPredicate[] {
  return [
    ...when.tests,
    ...(when.not === null ? [] : testsOf(when.not)),
    ...(when.any ?? []).flatMap(testsOf),
  ];
}

export function isHeard(
  test: BoundPredicate,
  event: Event,
  changes: (fact: ListedFactRef) => boolean,
): boolean {
  return test.needs.some(changes) && test.isAffectedBy(event);
}
