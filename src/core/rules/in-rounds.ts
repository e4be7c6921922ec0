import type { KnownFacts, Need } from "../model/fact.ts";
import type { Verdict } from "../model/verdict.ts";
import { unknown } from "../model/verdict.ts";
import type { Rule, RuleContext } from "./rule.ts";

/** Asks for a fact: its value, or `undefined` while it has not been read. The wish itself is noted. */
export type Ask = <Value>(need: Need<Value>) => Value | undefined;

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

export function wishesOf(known: KnownFacts, run: (ask: Ask) => unknown): readonly Need<unknown>[] {
  const wishes = new Map<string, Need<unknown>>();
  run((need) => {
    wishes.set(need.key, need);
    return known.value(need);
  });
  return [...wishes.values()];
}

/** Not reachable through the evaluation, which reads every wish first; rules are total all the same. */
const unread = (): Verdict =>
  unknown({ found: "a fact was not read", required: "every fact readable" });
