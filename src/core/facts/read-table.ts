import {
  type FactResult,
  type FactTable,
  type KnownFacts,
  lookUp,
  type Need,
  type ReadFacts,
} from "#core/model/fact.ts";
import type { Ask } from "./ask.ts";

/** The facts read so far, as a rule that asks in rounds sees them. */
export function knownFacts(table: FactTable): KnownFacts {
  return {
    value: (need) => {
      const result = lookUp(table, need);
      return result?.ok === true ? result.value : undefined;
    },
  };
}

/** Only what was declared may be read: a verdict stands on facts that the plan knows of. */
export function readFacts(table: FactTable, declared: readonly Need<unknown>[]): ReadFacts {
  const allowed = new Set(declared.map((need) => need.key));
  return {
    get: (need) => {
      const result = lookUp(table, need);
      if (!allowed.has(need.key) || result?.ok !== true)
        throw new Error(`the fact ${need.key} was not declared`);
      return result.value;
    },
  };
}

/** Runs something that asks, and notes what it asked for, each need once. */
export function asking<Answer>(
  table: FactTable,
  run: (ask: Ask) => Answer,
): { readonly answer: Answer; readonly needs: readonly Need<unknown>[] } {
  const wishes = new Map<string, Need<unknown>>();
  const known = knownFacts(table);
  const answer = run((need) => {
    wishes.set(need.key, need);
    return known.value(need);
  });
  return { answer, needs: [...wishes.values()] };
}

/** A fact that is not there to judge on. */
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
