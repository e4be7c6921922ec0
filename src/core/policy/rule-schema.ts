import { z } from "zod";
import { enforcements } from "#core/model/decision.ts";
import { gates } from "#core/model/subject.ts";
import { requirementSchema } from "./require-schema.ts";
import { whenSchema } from "./when/schema.ts";

/** Names that commands take: lower case, digits, single hyphens. */
export const kebabName = z
  .string()
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

const gate = z.enum(gates);

const gateList = z
  .array(gate)
  .min(1, { error: "the rule stands at no gate; write pull_request, deployment or both" })
  .max(2)
  .refine((list) => new Set(list).size === list.length, { error: "names a gate twice" });

export const enforcementSchema = z.enum(enforcements);

const repositoriesMay = ["nothing", "tighten", "override"] as const;
export type RepositoriesMay = (typeof repositoriesMay)[number];

/** One of `rules`. `require` may be left out where an extended file has a rule of this name, whose requirement then stands. */
export const ruleSchema = z
  .strictObject({
    name: kebabName.describe("Kebab-case and unique; what commands and overrides refer to."),
    description: z.string().max(500).optional(),
    applies_to: z
      .union([gate, gateList])
      .optional()
      .describe("Gates the rule stands at; by default those that its requirement names first."),
    enforcement: enforcementSchema
      .optional()
      .describe("active counts, evaluate is only shown, disabled is off."),
    when: whenSchema.optional(),
    require: requirementSchema.optional(),
    on_fail: z
      .enum(["reject", "hold"])
      .optional()
      .describe("What a deployment that fails this rule gets; reject by default."),
    repositories_may: z
      .enum(repositoriesMay)
      .optional()
      .describe("What a repository may do to this rule of the organisation; nothing by default."),
  })
  .meta({ title: "rule" });
