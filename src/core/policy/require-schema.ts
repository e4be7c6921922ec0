import { z } from "zod";
import { ruleList } from "#core/rules/index.ts";

/** Deeper nesting of all/any than anybody can read. */
export const nestingDepth = 6;

const requirementKeys: readonly string[] = ruleList.map((rule) => rule.name);
const keys = Object.fromEntries(
  ruleList.map((rule) => [rule.name, rule.params.optional().describe(rule.summary)]),
);

function oneKey(given: Record<string, unknown>): string | null {
  const names = Object.keys(given);
  if (names.length === 1) return null;
  if (names.length === 0)
    return `names no requirement: write one of ${requirementKeys.join(", ")}, all or any`;
  const parts = names.map((name) => `{${name}: …}`).join(", ");
  return `takes exactly one requirement, found ${names.join(" and ")}: write "all: [${parts}]", or two rules`;
}

/** `require:`: exactly one key of the table, or `all`/`any` of requirements. Its raw value is what `bindRequirement` takes. */
export const requirementSchema: z.ZodType<Record<string, unknown>> = z
  .strictObject({
    ...keys,
    get all() {
      return z
        .array(requirementSchema)
        .min(1, { error: "all: [] asks for nothing; list at least one requirement" })
        .max(50)
        .optional()
        .meta({
          description: "Each of these must pass; skipped ones do not count.",
          examples: [[{ reviews: { approvals: 1 } }, { up_to_date: true }]],
        });
    },
    get any() {
      return z
        .array(requirementSchema)
        .min(1, { error: "any: [] can never pass; list at least one requirement" })
        .max(50)
        .optional()
        .meta({
          description: "One of these must pass.",
          examples: [[{ reviews: { approvals: 2 } }, { coverage: { patch: 90 } }]],
        });
    },
  })
  .superRefine((given, context) => {
    const problem = oneKey(given);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  })
  .meta({
    id: "requirement",
    title: "require",
    description: "Exactly one requirement.",
    examples: [{ reviews: { approvals: 2 } }],
    minProperties: 1,
    // "maxProperties: 1" says the same, but there an editor offers nothing on an empty line.
    not: { minProperties: 2 },
  });
