import { z } from "zod";
import { decisionKinds } from "../../model/decision.ts";
import { verdictKinds } from "../../model/verdict.ts";
import { plainFactsSchema } from "../plain/schema.ts";

const verdicts = z.record(z.string().min(1).max(100), z.enum(verdictKinds));

const expectSchema = z.union([
  z.enum(decisionKinds).transform((decision) => ({ decision, rules: {} })),
  z
    .strictObject({ decision: z.enum(decisionKinds).optional(), rules: verdicts.optional(), verdicts: verdicts.optional() })
    .refine((expected) => Object.keys(expected).length > 0, { error: "expects nothing: write decision, rules, or both" })
    .transform(({ decision, rules, verdicts: more }) => ({ decision, rules: { ...rules, ...more } })),
]);

const caseSchema = z.strictObject({
  name: z.string().min(1).max(300),
  given: plainFactsSchema.optional(),
  expect: expectSchema,
});

const caseList = z.array(caseSchema).max(500);

/** `.github/gatehouse.test.yml`: a list of cases, or {version, defaults, cases}. `defaults` are facts of every case. */
export const policyTestsSchema = z.union([
  caseList.transform((cases) => ({ cases })),
  z.strictObject({ version: z.literal(1).optional(), defaults: plainFactsSchema.optional(), cases: caseList }).transform(({ cases }) => ({ cases })),
]);
