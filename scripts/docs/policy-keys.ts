import { policyJsonSchema } from "#core/policy/json-schema.ts";
import { table } from "#core/text/markdown.ts";
import { parametersOf } from "./json-schema-types.ts";
import { cell, code } from "./markdown.ts";

/** The keys of the file itself, nested ones left out. */
export const policyKeyTable = (): string =>
  table(
    ["Key", "Takes", "Means"],
    parametersOf(policyJsonSchema())
      .filter(({ name }) => !/[.[]/.test(name))
      .map(({ name, takes, meaning }) => [code(name), cell(takes), cell(meaning)]),
  );
