import { type FactResult, type FactTable, lookUp, type Need } from "#core/model/fact.ts";
import type { Ask } from "./ask.ts";

/** Answers from the facts that were read. */
export function askTable(table: FactTable): Ask {
  return (need) => {
    const result = lookUp(table, need);
    return result?.ok === true ? result.value : undefined;
  };
}

/** Runs something that asks, and lists what it asked for, each need once. */
export function asking<Answer>(
  table: FactTable,
  run: (ask: Ask) => Answer,
): { readonly answer: Answer; readonly needs: readonly Need<unknown>[] } {
  const needs = new Map<string, Need<unknown>>();
  const ask = askTable(table);
  const answer = run((need) => {
    needs.set(need.key, need);
    return ask(need);
  });
  return { answer, needs: [...needs.values()] };
}

/** A fact that a judgement needs and does not have. */
export interface UnreadFact {
  readonly need: Need<unknown>;
  /** undefined: nobody has read it. */
  readonly result: Extract<FactResult<unknown>, { readonly ok: false }> | undefined;
}

export function unreadOf(table: FactTable, needs: readonly Need<unknown>[]): readonly UnreadFact[] {
  return needs.flatMap((need): readonly UnreadFact[] => {
    const result = table.get(need.key);
    if (result === undefined) return [{ need, result: undefined }];
    return result.ok ? [] : [{ need, result }];
  });
}
