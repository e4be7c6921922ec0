import { z } from "zod";
import type { FactDefinition, FactResult } from "#core/model/fact.ts";
import type { World } from "./world.ts";

/** How one fact is answered from plain words. A fact that comes later plugs in as one of these. */
export interface PlainFact {
  readonly fact: string;
  readonly answer: (params: unknown, world: World) => FactResult<unknown>;
}

/** Thrown by an answer that the plain words do not hold; the fact is then unreadable, with these words. */
export class NotSaid extends Error {}

/** Closes a typed answer over its parameters' schema. */
export function definePlainFact<Params, Value>(
  definition: Pick<FactDefinition<Params, Value>, "name" | "need">,
  params: z.ZodType<Params>,
  answer: (params: Params, world: World) => NoInfer<Value>,
): PlainFact {
  return {
    fact: definition.name,
    answer: (raw, world) => {
      try {
        return { ok: true, value: answer(params.parse(raw), world), evidence: [] };
      } catch (error) {
        if (error instanceof NotSaid)
          return { ok: false, code: "unsupported", message: error.message };
        throw error;
      }
    },
  };
}

export const noParams: z.ZodType<void> = z.void();
