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
      return whenSchema.optional().meta({
        description: "Holds where this does not.",
        examples: [{ paths: "docs/**" }],
      });
    },
    get any() {
      return z
        .array(whenSchema)
        .min(1, { error: "any: [] never holds; list at least one" })
        .max(50)
        .optional()
        .meta({
          description: "Holds where one of these does.",
          examples: [[{ paths: "migrations/**" }, { labels: "schema" }]],
        });
    },
  })
  .superRefine(({ not }, context) => {
    if (not === undefined || Object.keys(not).length > 0) return;
    const message = "not: {} never holds; name something";
    context.addIssue({ code: "custom", path: ["not"], message });
  })
  .meta({
    id: "when",
    title: "when",
    description: "Where a rule applies: all that are given must hold; lists are OR.",
    examples: [{ branches: "main", paths: "src/**" }, { environments: "production" }],
  });
