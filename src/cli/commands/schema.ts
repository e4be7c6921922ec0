import { Argument, Command } from "commander";
import { policyJsonSchema } from "#core/policy/json-schema.ts";
import { policyTestsJsonSchema } from "#core/simulate/policy-tests/json-schema.ts";
import { text, type DefineCommand } from "./command.ts";

export const schema: DefineCommand = () => ({
  command: new Command("schema")
    .description("print the JSON Schema of policies, or of policy tests, for editors")
    .addArgument(
      new Argument("[kind]", "which of the two").choices(["policy", "tests"]).default("policy"),
    ),
  run: ([kind]) => {
    const json = text(kind) === "tests" ? policyTestsJsonSchema() : policyJsonSchema();
    return { json, text: JSON.stringify(json, null, 2), exitCode: 0 };
  },
});
