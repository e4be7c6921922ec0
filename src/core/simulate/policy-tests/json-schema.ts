import { type JsonSchema, generateForEditors } from "#core/yaml/json-schema.ts";
import { policyTestsSchema } from "./schema.ts";

/** The JSON Schema (draft 2020-12) of policy tests, for editors. */
export function policyTestsJsonSchema(): JsonSchema {
  return {
    $id: "urn:gatehouse:schema:policy-tests:1",
    title: "Gatehouse policy tests",
    description: "Cases of .github/gatehouse.test.yml: what is given, and what is expected.",
    ...generateForEditors(policyTestsSchema),
  };
}
