import type { Ask } from "#core/facts/ask.ts";
import { asking } from "#core/facts/read-table.ts";
import type { FactResult, FactTable, Need } from "#core/model/fact.ts";

interface Asked<Answer> {
  readonly around: readonly unknown[];
  readonly answer: Answer;
  readonly needs: readonly Need<unknown>[];
  readonly results: readonly (FactResult<unknown> | undefined)[];
}

/**
 * What was asked in the rounds of one judgement, and what was answered. Who asks is a function of what surrounds it and
 * of the answers it gets: as long as these are the very same, it need not be run again, neither in the next round of
 * planning nor in the evaluation.
 */
export interface AskedBefore {
  /** As `asking`; `who` is what runs, `around` everything it sees beside facts, compared by identity. */
  readonly asking: <Answer>(
    who: object,
    around: readonly unknown[],
    facts: FactTable,
    run: (ask: Ask) => Answer,
  ) => { readonly answer: Answer; readonly needs: readonly Need<unknown>[] };
}

/** Nothing asked yet. For one judgement: it keeps the facts of it alive. */
export function askedBefore(): AskedBefore {
  const asked = new Map<object, Asked<unknown>>();
  return {
    asking: <Answer>(
      who: object,
      around: readonly unknown[],
      facts: FactTable,
      run: (ask: Ask) => Answer,
    ) => {
      // Only `run` of the same `who` writes its entry, so the type of the answer is the same.
      const before = asked.get(who) as Asked<Answer> | undefined;
      if (before !== undefined && isSame(before, around, facts)) return before;
      const { answer, needs } = asking(facts, run);
      const results = needs.map(({ key }) => facts.get(key));
      const now: Asked<Answer> = { around, answer, needs, results };
      asked.set(who, now);
      return now;
    },
  };
}

const isSame = (
  { around, needs, results }: Asked<unknown>,
  aroundNow: readonly unknown[],
  facts: FactTable,
): boolean =>
  around.length === aroundNow.length &&
  around.every((each, i) => each === aroundNow[i]) &&
  needs.every(({ key }, i) => facts.get(key) === results[i]);
