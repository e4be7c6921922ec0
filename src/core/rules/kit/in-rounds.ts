import { type Ask, wishesOf } from "#core/facts/ask.ts";
import { unknown, type Verdict } from "#core/model/verdict.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** A judgement that goes as far as the answers reach: `undefined` while one that it asked for is missing. */
export type JudgeInRounds<Params> = (context: RuleContext<Params>, ask: Ask) => Verdict | undefined;

/**
 * `needs` and `judge` of a rule whose later wishes follow from earlier answers, written once: a round of needs is the
 * judgement run for its wishes. The two can so never disagree about which facts a verdict stands on.
 */
export function inRounds<Params>(
  judge: JudgeInRounds<Params>,
): Pick<Rule<Params>, "needs" | "judge"> {
  return {
    needs: ({ known, ...context }) => wishesOf(known, (ask) => judge(context, ask)),
    judge: ({ facts, ...context }) => judge(context, (need) => facts.get(need)) ?? unread(),
  };
}

/** Not reachable through the evaluation, which reads every wish first; rules are total all the same. */
const unread = (): Verdict =>
  unknown({ found: "a fact was not read", required: "every fact readable" });
