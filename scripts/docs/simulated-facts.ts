import { z } from "zod";
import { givenFactsSchema } from "#core/simulate/facts/schema.ts";
import { table } from "#core/text/markdown.ts";
import { parametersOf } from "./json-schema-types.ts";
import { cell, code } from "./markdown.ts";

/** As a schema without a name, which would only be referred to. */
const words = z.toJSONSchema(z.strictObject(givenFactsSchema.shape), { io: "input", unrepresentable: "any" });

/** Every word that `given` understands. */
export const simulatedFactTable = (): string =>
  table(
    ["Word", "Takes", "Means"],
    parametersOf(words).map(({ name, takes, meaning }) => [code(name), cell(takes), cell(meaning)]),
  );
