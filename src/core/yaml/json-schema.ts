import { z } from "zod";
import { examplesOf } from "./examples.ts";

/** A JSON Schema as far as we read it ourselves. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export function generate(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: "draft-2020-12", io: "input", unrepresentable: "any" });
}

/** The same for editors, which show examples beside what a key means. */
export function generateForEditors(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // A reference has the examples of what it refers to.
      if (jsonSchema.$ref !== undefined || jsonSchema.examples !== undefined) return;
      const examples = zodSchema instanceof z.ZodType ? examplesOf(zodSchema) : [];
      if (examples.length > 0) jsonSchema.examples = [...examples];
    },
  });
}

const cache = new Map<z.ZodType, JsonSchema>();

/** What a schema looks like from outside; asked only when something is wrong, so made on demand and kept. */
export function shapeOf(schema: z.ZodType): JsonSchema {
  const found = cache.get(schema);
  if (found !== undefined) return found;
  const made = generate(schema);
  cache.set(schema, made);
  return made;
}
