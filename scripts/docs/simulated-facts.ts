import { z } from "zod";
import { givenFactsSchema } from "#core/simulate/facts/schema.ts";
import { table } from "#core/text/markdown.ts";
import { parametersOf } from "./json-schema-types.ts";
import { cell, code } from "./markdown.ts";

/** Every word that `given` understands. */
export const simulatedFactTable = (): string =>
  table(
    ["Word", "Takes"],
    parametersOf(z.toJSONSchema(givenFactsSchema, { io: "input", unrepresentable: "any" })).map(({ name, takes }) => [code(name), cell(takes)]),
  );
