import { z } from "zod";
import { enforcements } from "#core/model/decision.ts";
import { gates } from "#core/model/subject.ts";
import { requirementSchema } from "./require-schema.ts";
import { oneOf } from "#core/text/meanings.ts";
import { whenSchema } from "./when/schema.ts";

/** Names that commands take: lower case, digits, single hyphens. */
export const kebabName = z
  .string()
  .meta({ examples: ["reviewed"] })
  .min(1)
  .max(64)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, {
    error: (issue) =>
      `not a kebab-case name (lower-case letters, digits and single hyphens)${suggestion(issue.input)}`,
  });

function suggestion(input: unknown): string {
  if (typeof input !== "string") return "";
  const kebab = input
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return kebab === "" ? "" : `: write ${kebab.slice(0, 64)}`;
}

const gate = oneOf(gates, {
  pull_request: "At pull requests and in merge queues, as the check run gatehouse.",
  deployment: "At deployments, as the answer to GitHub's question.",
});

const gateList = z
  .array(gate)
  .min(1, { error: "the rule stands at no gate; write pull_request, deployment or both" })
  .max(2)
  .refine((list) => new Set(list).size === list.length, { error: "names a gate twice" });

export const enforcementSchema = oneOf(enforcements, {
  active: "It counts.",
  evaluate: "It is shown and blocks nothing.",
  disabled: "It is off.",
});

const repositoriesMay = ["nothing", "tighten", "override"] as const;
export type RepositoriesMay = (typeof repositoriesMay)[number];

/** One of `rules`. `require` may be left out where an extended file has a rule of this name, whose requirement then stands. */
export const ruleSchema = z
  .strictObject({
    name: kebabName.describe("Kebab-case and unique; what commands and overrides refer to."),
    description: z
      .string()
      .max(500)
      .optional()
      .meta({
        description: "What the rule is for; shown instead of what it asks where that is long.",
        examples: ["Two people look at what goes to customers."],
      }),
    applies_to: z
      .union([gate, gateList])
      .optional()
      .describe("Gates the rule stands at; by default those that its requirement names first."),
    enforcement: enforcementSchema
      .optional()
      .describe("active counts, evaluate is only shown, disabled is off."),
    when: whenSchema.optional(),
    require: requirementSchema.optional(),
    on_fail: oneOf(["reject", "hold"], {
      reject: "It is refused, and has to be asked for again.",
      hold: "It waits until the rule is met.",
    })
      .optional()
      .describe("What a deployment that fails this rule gets; reject by default."),
    repositories_may: oneOf(repositoriesMay, {
      nothing: "The rule stands as it is.",
      tighten: "A repository may ask for more.",
      override: "A repository may ask for something else.",
    })
      .optional()
      .describe("What a repository may do to this rule of the organisation; nothing by default."),
  })
  .meta({ title: "rule" });
