import { z } from "zod";
import { plainFactsSchema } from "#core/simulate/facts/schema.ts";
import { table } from "#core/text/markdown.ts";
import { parametersOf } from "./json-schema-words.ts";
import { cell, code } from "./markdown.ts";

/** Every word that `given` understands. */
export const plainFactTable = (): string =>
  table(
    ["Word", "Takes"],
    parametersOf(z.toJSONSchema(plainFactsSchema, { io: "input", unrepresentable: "any" })).map(({ name, takes }) => [code(name), cell(takes)]),
  );
