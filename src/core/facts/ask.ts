import type { KnownFacts, Need } from "#core/model/fact.ts";

/** Asks for a fact: its value, or `undefined` while it has not been read. The wish itself is noted. */
export type Ask = <Value>(need: Need<Value>) => Value | undefined;

export function wishesOf(known: KnownFacts, run: (ask: Ask) => unknown): readonly Need<unknown>[] {
  const wishes = new Map<string, Need<unknown>>();
  run((need) => {
    wishes.set(need.key, need);
    return known.value(need);
  });
  return [...wishes.values()];
}
