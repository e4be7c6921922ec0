import { z } from "zod";
import type { facts } from "#core/facts/index.ts";
import type { FactDefinition, FactResult } from "#core/model/fact.ts";
import type { World } from "./world.ts";

/** How one fact is answered from what a policy test gives. */
export interface SimulatedFact<Value> {
  readonly fact: string;
  readonly answer: (params: unknown, world: World) => FactResult<Value>;
}

type ValueOf<Fact> = Fact extends Pick<FactDefinition<never, infer Value>, "need"> ? Value : never;

/** An entry for every fact there is, so that one that comes later does not compile without; null: it is not simulated. */
export type SimulatedFacts = {
  readonly [Key in keyof typeof facts]: SimulatedFact<ValueOf<(typeof facts)[Key]>> | null;
};

/** Thrown by an answer that the given facts do not hold; the fact is then unreadable, with these words. */
export class NotGiven extends Error {}

/** Closes a typed answer over its parameters' schema. */
export function simulateFact<Params, Value>(
  definition: Pick<FactDefinition<Params, Value>, "name" | "need">,
  params: z.ZodType<Params>,
  answer: (params: Params, world: World) => NoInfer<Value>,
): SimulatedFact<Value> {
  return {
    fact: definition.name,
    answer: (raw, world) => {
      try {
        return { ok: true, value: answer(params.parse(raw), world), evidence: [] };
      } catch (error) {
        if (error instanceof NotGiven)
          return { ok: false, code: "unsupported", message: error.message };
        throw error;
      }
    },
  };
}

export const noParams: z.ZodType<void> = z.void();
