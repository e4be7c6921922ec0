import type { Waiver } from "#core/formats/findings/waivers.ts";
import { type FactTable, lookUp, type Need } from "#core/model/fact.ts";
import { softTable } from "./soft-facts.ts";
import type { Subject } from "#core/model/subject.ts";
import { unknown, type Verdict } from "#core/model/verdict.ts";
import type { AnyRule, PolicyContext } from "#core/rules/kit/rule.ts";
import { monday, thePullRequest } from "./build.ts";

export interface Judged {
  readonly verdict: Verdict;
  /** Keys of the facts that were asked for, in order, round by round. */
  readonly rounds: readonly (readonly string[])[];
}

export interface Surroundings {
  readonly subject?: Subject;
  readonly owner?: string;
  readonly waivers?: readonly Waiver[];
  /** What else the rule may see of the policy. */
  readonly policy?: PolicyContext;
  readonly now?: number;
}

/**
 * Judges one requirement as the evaluation does: rounds of needs until nothing new is wanted, `unknown` for a fact
 * that cannot be read, then the judgement on exactly what was asked for. A fact that the table does not tell is a
 * fault of the test; a fact outside `uses` is a fault of the rule.
 */
export function judgeInRounds(
  rule: AnyRule,
  params: unknown,
  told: FactTable,
  around: Surroundings = {},
): Judged {
  const table = softTable(told);
  const bound = rule.bind(params);
  const context = {
    subject: around.subject ?? thePullRequest,
    policy: { owner: around.owner ?? "acme", waivers: around.waivers ?? [], ...around.policy },
    now: around.now ?? monday,
  };
  const allowed = new Set(bound.uses.map((fact) => fact.name));
  const read = new Set<string>();
  const rounds: string[][] = [];
  let wanted: readonly Need<unknown>[] = [];

  for (;;) {
    wanted = bound.needs({
      ...context,
      known: { value: (need) => (read.has(need.key) ? valueOf(table, need) : undefined) },
    });
    const fresh = wanted.filter((need) => !read.has(need.key));
    if (fresh.length === 0) break;
    for (const need of fresh) {
      if (!allowed.has(need.fact))
        throw new Error(`${rule.name} asks for ${need.fact}, which its \`uses\` does not name`);
      if (!table.has(need.key)) throw new Error(`the test does not tell ${need.key}`);
      read.add(need.key);
    }
    rounds.push(fresh.map((need) => need.key));
    if (rounds.length > 10) throw new Error(`${rule.name} never stops asking`);
  }

  const unreadable = wanted.find((need) => lookUp(table, need)?.ok === false);
  if (unreadable !== undefined)
    return {
      verdict: unknown({
        found: `${unreadable.describe} could not be read`,
        required: bound.describe,
      }),
      rounds,
    };

  const asked = new Set(wanted.map((need) => need.key));
  const verdict = bound.judge({
    ...context,
    facts: {
      get: (need) => {
        if (!asked.has(need.key))
          throw new Error(`${rule.name} judges on ${need.key} without having asked for it`);
        const result = lookUp(table, need);
        if (result?.ok !== true) throw new Error(`${need.key} is not readable`);
        return result.value;
      },
    },
  });
  return { verdict, rounds };
}

export const judge = (
  rule: AnyRule,
  params: unknown,
  table: FactTable,
  around: Surroundings = {},
): Verdict => judgeInRounds(rule, params, table, around).verdict;

function valueOf<Value>(table: FactTable, need: Need<Value>): Value | undefined {
  const result = lookUp(table, need);
  return result?.ok === true ? result.value : undefined;
}
