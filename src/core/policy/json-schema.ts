import { type JsonSchema, generateForEditors } from "#core/yaml/json-schema.ts";
import { policySchema } from "./schema.ts";

/** The JSON Schema (draft 2020-12) of the policy language, for editors. Its name stays as long as the language's version. */
export function policyJsonSchema(): JsonSchema {
  return {
    $id: "urn:gatehouse:schema:policy:1",
    title: "Gatehouse policy",
    description:
      "What .github/gatehouse.yml holds: rules that pull requests and deployments are judged by.",
    ...generateForEditors(policySchema),
  };
}
