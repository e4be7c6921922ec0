import type { Waiver } from "#core/formats/findings/waivers.ts";
import { z } from "zod";
import { asking, unreadOf } from "#core/facts/read-table.ts";
import type { FactResult, FactTable, Need } from "#core/model/fact.ts";
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
 * Judges one requirement as the evaluation does: rounds of reading until nothing new is asked for, `unknown` for a fact
 * that cannot be read, else what it says. A fact that the table does not tell is a fault of the test; a fact that it did
 * not declare is a fault of the rule, which throws.
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
  const declared = new Set(bound.needs.map((fact) => fact.name));
  const read = new Map<string, FactResult<unknown>>();
  const rounds: string[][] = [];

  for (;;) {
    const { answer, needs } = asking(read, (ask) => bound.judge(context, ask));
    const fresh = needs.filter((need) => !read.has(need.key));
    if (fresh.length === 0) {
      const [unread] = unreadOf(read, needs);
      const verdict =
        unread === undefined
          ? answer
          : unknown({
              found: `${unread.need.describe} could not be read`,
              required: bound.describe,
            });
      if (verdict === undefined) throw new Error(`${rule.name} says nothing of what it asked for`);
      return { verdict, rounds };
    }
    for (const need of fresh) {
      const undeclared = namesIn(need).find((name) => !declared.has(name));
      if (undeclared !== undefined)
        throw new Error(`${rule.name} asks for ${undeclared}, which its \`needs\` do not name`);
      const result = table.get(need.key);
      if (result === undefined) throw new Error(`the test does not tell ${need.key}`);
      read.set(need.key, result);
    }
    rounds.push(fresh.map((need) => need.key));
    if (rounds.length > 10) throw new Error(`${rule.name} never stops asking`);
  }
}

/** The fact that is asked for, and those inside it: of a pull request that goes out, or only to explain. */
function namesIn(need: Need<unknown>): readonly string[] {
  const inner = carrier.safeParse(need.params);
  return [need.fact, ...(inner.success ? namesIn(inner.data.need) : [])];
}

const carrier = z.object({
  need: z.object({ fact: z.string(), key: z.string(), params: z.unknown(), describe: z.string() }),
});

export const judge = (
  rule: AnyRule,
  params: unknown,
  table: FactTable,
  around: Surroundings = {},
): Verdict => judgeInRounds(rule, params, table, around).verdict;
