import type { ErrorCode } from "#core/model/errors.ts";
import { defineFact, type Need } from "#core/model/fact.ts";

/** A fact that only helps to explain: that it cannot be read is an answer, too, and no verdict depends on it. */
export interface IfReadableParams {
  readonly need: {
    readonly fact: string;
    readonly key: string;
    readonly params: unknown;
    readonly describe: string;
  };
}

export type IfReadable<Value> =
  | { readonly told: true; readonly value: Value }
  | { readonly told: false; readonly code: ErrorCode };

export const ifReadable = defineFact<IfReadableParams, IfReadable<unknown>>({
  name: "if_readable",
  summary: "A fact that makes an explanation better, where it can be read.",
  // The rule that asks names the inner fact too, and listens to what changes that.
  changedBy: [],
  permissions: [],
  cost: 3,
  describe: ({ need }) => need.describe,
});

/** The need for a fact that does not change the verdict. It carries the type of the inner need. */
export function softly<Value>(need: Need<Value>): Need<IfReadable<Value>> {
  const { fact, key, params, describe } = need;
  return {
    fact: ifReadable.name,
    key: `${ifReadable.name}:${key}`,
    params: { need: { fact, key, params, describe } },
    describe,
  };
}
