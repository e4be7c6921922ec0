import type fc from "fast-check";

/** A reader of bytes that others write, and what to feed it. */
export interface FuzzTarget {
  readonly name: string;
  /** Small honest inputs, written for this purpose: mutations start from them. */
  readonly corpus: readonly (string | Uint8Array)[];
  /** Inputs that are made up whole, in the grammar of the reader or near it. */
  readonly madeUp?: fc.Arbitrary<string>;
  /** Reads the input. Whatever it throws is a finding: the readers say what is wrong as a value. */
  readonly read: (input: Uint8Array) => unknown;
}

export const textOf = (input: Uint8Array): string => new TextDecoder().decode(input);

/** Thrown by a target whose reader answered something that its own description rules out. */
export class BrokenPromise extends Error {
  constructor(promise: string) {
    super(promise);
    this.name = "BrokenPromise";
  }
}

export function promise(isKept: boolean, what: string): void {
  if (!isKept) throw new BrokenPromise(what);
}
