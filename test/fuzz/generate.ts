import fc from "fast-check";
import { largestInput, mutate } from "./mutate.ts";
import { mutateJson } from "./mutate-json.ts";
import { randomOf, seedOf } from "./random.ts";
import type { FuzzTarget } from "./target.ts";

const atOnce = 32;

/** Answers the inputs of one target and seed by their numbers: the same number is the same input, in every process. */
export function inputsOf(target: FuzzTarget, seed: number): (index: number) => Uint8Array {
  const corpus = target.corpus.map((each) => Buffer.from(each).toString("latin1"));
  const { madeUp } = target;
  let made: { readonly from: number; readonly inputs: readonly string[] } | undefined;

  function madeUpAt(index: number, arbitrary: fc.Arbitrary<string>): string {
    const from = index - (index % atOnce);
    if (made?.from !== from)
      made = {
        from,
        inputs: fc
          .sample(arbitrary, { seed: seedOf(seed, target.name, from), numRuns: atOnce })
          .map((text) => Buffer.from(text).toString("latin1")),
      };
    return made.inputs[index % atOnce] ?? "";
  }

  return (index) => {
    // The honest inputs first, as they are.
    const honest = corpus[index];
    if (honest !== undefined) return Buffer.from(honest, "latin1");
    const random = randomOf(seedOf(seed, target.name, index));
    const isMadeUp = madeUp !== undefined && random.chance(0.3);
    const start = isMadeUp ? madeUpAt(index, madeUp) : random.pick(corpus);
    if (isMadeUp && random.chance(0.6)) return Buffer.from(start, "latin1");
    const json = random.chance(0.6) ? mutateJson(start, random) : undefined;
    const changed =
      json === undefined || random.chance(0.2)
        ? mutate(json ?? start, random, random.pick(corpus))
        : json;
    return Buffer.from(changed.slice(0, largestInput), "latin1");
  };
}
