import { z } from "zod";
import { predicateList } from "./index.ts";

const keys = Object.fromEntries(
  predicateList.map((predicate) => [predicate.name, predicate.params.optional()]),
);

/** `when:`: every key that is given must hold. Its raw value is what `bindWhen` takes. */
export const whenSchema: z.ZodType<Record<string, unknown>> = z
  .strictObject({
    ...keys,
    get not() {
      return whenSchema
        .refine((inner) => Object.keys(inner).length > 0, {
          error: "not: {} never holds; name something",
        })
        .optional()
        .describe("Holds where this does not.");
    },
    get any() {
      return z
        .array(whenSchema)
        .min(1, { error: "any: [] never holds; list at least one" })
        .max(50)
        .optional()
        .describe("Holds where one of these does.");
    },
  })
  .meta({
    id: "when",
    title: "when",
    description: "Where a rule applies: all that are given must hold; lists are OR.",
  });
