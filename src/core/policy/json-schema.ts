import { type JsonSchema, generate } from "#core/yaml/json-schema.ts";
import { policySchema } from "./schema.ts";

/** The JSON Schema (draft 2020-12) of the policy language, for editors. */
export function policyJsonSchema(): JsonSchema {
  return generate(policySchema);
}
