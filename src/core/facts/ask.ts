import type { Need } from "#core/model/fact.ts";

/** Asks for a fact: its value, or `undefined` while it has not been read, and where it cannot be. */
export type Ask = <Value>(need: Need<Value>) => Value | undefined;
