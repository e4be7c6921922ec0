import type { ZodType } from "zod";
import type { Event } from "#core/model/event.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import type { Gate, Subject } from "#core/model/subject.ts";
import type { Ask } from "#core/facts/ask.ts";

/** The surroundings of a `when`. `owner` is the organisation or user that a bare team slug is relative to. */
export interface WhenContext {
  readonly subject: Subject;
  readonly owner: string;
  /** Coding agents that the policy lists beside the shipped ones. */
  readonly agents?: readonly string[] | undefined;
  /** Those of `agents` that are such by the repository's word alone, where the organisation asks. */
  readonly unprovenAgents?: readonly string[] | undefined;
  /** Names that the repository had before, where the organisation asks: its administrators can rename it. */
  readonly earlierNames?: readonly string[] | undefined;
  /** Evaluated under `not`: a condition on people must then hold for all of them. */
  readonly isNegated?: boolean;
}

/** `undefined`: a fact it asked for has not been read, or cannot be. */
export type Test = boolean | undefined;

/**
 * One key under `when:`, a pure function of facts. `gates`: where it applies. Elsewhere the answer is `otherwise`:
 * `false`, or `silent`, which does not restrict. Predicates about pull requests are silent for deployments, so that
 * a rule is not skipped because there is no pull request.
 */
export interface Predicate<Params> {
  readonly name: string;
  readonly summary: string;
  readonly params: ZodType<Params>;
  readonly gates: readonly Gate[];
  readonly otherwise: false | "silent";
  readonly needs: (params: Params) => readonly ListedFactRef[];
  readonly test: (params: Params, context: WhenContext, ask: Ask) => Test;
  /** Narrows what it listens to, like a rule's. */
  readonly isAffectedBy?: (event: Event, params: Params) => boolean;
  /** Names and patterns of environments that it writes. */
  readonly environments?: (params: Params) => readonly string[];
  /** Whether a repository's value surely holds wherever the organisation's does; left out, only the same value is known to. */
  readonly wider?: (organization: Params, repository: Params) => boolean;
}

export interface AnyPredicate {
  readonly name: string;
  readonly summary: string;
  readonly params: ZodType;
  readonly gates: readonly Gate[];
  readonly bind: (raw: unknown) => BoundPredicate;
  readonly isWider: (organization: unknown, repository: unknown) => boolean;
}

export interface BoundPredicate {
  readonly name: string;
  readonly environments: readonly string[];
  readonly gates: readonly Gate[];
  readonly otherwise: false | "silent";
  readonly needs: readonly ListedFactRef[];
  readonly isAffectedBy: (event: Event) => boolean;
  readonly test: (context: WhenContext, ask: Ask) => Test;
}

/** Closes a typed predicate over its own schema. */
export function definePredicate<Params>(predicate: Predicate<Params>): AnyPredicate {
  const { name, summary, gates, otherwise } = predicate;
  return {
    name,
    summary,
    gates,
    params: predicate.params.describe(summary),
    isWider: (organization, repository) =>
      predicate.wider?.(predicate.params.parse(organization), predicate.params.parse(repository)) ??
      false,
    bind: (raw) => {
      const params = predicate.params.parse(raw);
      return {
        name,
        gates,
        otherwise,
        environments: predicate.environments?.(params) ?? [],
        needs: predicate.needs(params),
        isAffectedBy: (event) => predicate.isAffectedBy?.(event, params) ?? true,
        test: (context, ask) => predicate.test(params, context, ask),
      };
    },
  };
}

/** An empty list is false, so that a condition on people never holds when there are none. */
export function allOf(answers: readonly Test[]): Test {
  if (answers.length === 0 || answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** Lists are OR: true wins, else what is not known, else false. */
export function anyOf(answers: readonly Test[]): Test {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}
