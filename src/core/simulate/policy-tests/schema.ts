import { z } from "zod";
import { decisionKinds } from "#core/model/decision.ts";
import { verdictKinds, type VerdictKind } from "#core/model/verdict.ts";
import { givenFactsSchema } from "../facts/schema.ts";
import { optional, wordOf } from "../facts/input-types.ts";
import type { Path } from "#core/yaml/problem.ts";

const decision = wordOf(decisionKinds, {
  allow: "It may be merged, or deployed.",
  deny: "It must not be.",
  wait: "Something is still to come.",
});
const verdict = wordOf(verdictKinds, {
  pass: "What the rule asks for is there.",
  fail: "It is not.",
  pending: "It may still come.",
  skipped: "The rule does not apply.",
  unknown: "It cannot be told.",
});
const name = z
  .string()
  .meta({ examples: ["a change without a review waits"] })
  .min(1)
  .max(300);
const ruleName = z
  .string()
  .meta({ examples: ["reviewed"] })
  .min(1)
  .max(100);

/** Verdicts by rule: a table, or a list as `evaluate` prints it. */
const verdicts = z.union([
  z.record(ruleName, verdict),
  z
    .array(
      z.strictObject({
        name: ruleName.describe("Name of the rule."),
        verdict: verdict.describe("The verdict that is expected of it."),
      }),
    )
    .transform((list): Record<string, VerdictKind> =>
      Object.fromEntries(list.map((rule) => [rule.name, rule.verdict])),
    ),
]);

const expectSchema = z.union([
  decision.transform((only) => ({ decision: only, rules: {} })),
  z
    .object({
      decision: decision.optional().describe("All verdicts combined."),
      rules: verdicts.optional().describe("Verdicts that are expected, by rule."),
      verdicts: verdicts.optional().describe("The same by another name."),
    })
    .meta({ examples: [{ decision: "wait", rules: { reviewed: "pending" } }] })
    // Rules may stand beside the decision as well: `{decision: wait, reviewed: pending}`.
    .catchall(verdict)
    .refine((expected) => Object.keys(expected).length > 0, {
      error: "expects nothing: write decision, rules, or both",
    })
    .transform(
      ({
        decision: wanted,
        rules,
        verdicts: more,
        ...beside
      }): { decision: typeof wanted; rules: Readonly<Record<string, VerdictKind>> } => ({
        decision: wanted,
        rules: { ...rules, ...more, ...beside },
      }),
    ),
]);

const body = {
  given: optional(givenFactsSchema).describe("What is so in this case, beside the defaults."),
  expect: expectSchema.describe(
    "What the policy has to say of it: the decision, verdicts, or both.",
  ),
};

/** One named case: where it stands in the file, and what it expects. */
export interface WrittenCase {
  readonly name: string;
  readonly path: Path;
  readonly expect: z.output<typeof expectSchema>;
}

const written = (
  cases: readonly (Omit<WrittenCase, "path"> & { readonly step: string | number })[],
  base: Path,
): readonly WrittenCase[] => cases.map(({ step, ...rest }) => ({ ...rest, path: [...base, step] }));

/** Tests that try nothing would pass for ever, whatever the policy says. */
const noCase = { error: "holds no case; write at least one: {name, given, expect}" };

/** A list of cases with their names, or a table of them by name. */
const caseList = z
  .array(
    z.strictObject({
      name: name.describe("What the case shows, in words."),
      ...body,
    }),
  )
  .min(1, noCase)
  .max(500)
  .transform((list) => list.map((each, step) => ({ name: each.name, expect: each.expect, step })));
const caseTable = z
  .record(name, z.strictObject(body))
  .refine((table) => Object.keys(table).length > 0, noCase)
  .transform((table) =>
    Object.entries(table).map(([step, each]) => ({ name: step, expect: each.expect, step })),
  );
const cases = z.union([caseList, caseTable]);

/** `.github/gatehouse.test.yml`: a list of cases, or {version, defaults, cases}. `defaults` are facts of every case. */
export const policyTestsSchema = z.union([
  caseList.transform((list) => ({ cases: written(list, []) })),
  z
    .strictObject({
      version: z.literal(1).optional().describe("The version of the language."),
      description: z
        .string()
        .max(2_000)
        .optional()
        .meta({
          description: "What these cases are about.",
          examples: ["Who may merge, and when."],
        }),
      defaults: optional(givenFactsSchema).describe("Facts of every case that says nothing else."),
      cases: cases.optional().describe("The cases: a list, or a table by name."),
      tests: cases.optional().describe("The same by another name."),
    })
    .refine((file) => file.cases !== undefined || file.tests !== undefined, {
      error: '"cases" is missing: a list of {name, given, expect}',
    })
    .transform((file) => ({
      cases: [...written(file.cases ?? [], ["cases"]), ...written(file.tests ?? [], ["tests"])],
    })),
]);
