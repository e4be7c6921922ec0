import { z } from "zod";
import { decisionKinds } from "#core/model/decision.ts";
import { verdictKinds, type VerdictKind } from "#core/model/verdict.ts";
import { givenFactsSchema } from "../facts/schema.ts";
import { optional, wordOf } from "../facts/input-types.ts";
import type { Path } from "#core/yaml/problem.ts";

const decision = wordOf(decisionKinds);
const verdict = wordOf(verdictKinds);
const name = z.string().min(1).max(300);

/** Verdicts by rule: a table, or a list as `evaluate` prints it. */
const verdicts = z.union([
  z.record(z.string().min(1).max(100), verdict),
  z
    .array(z.strictObject({ name: z.string().min(1).max(100), verdict }))
    .transform((list): Record<string, VerdictKind> =>
      Object.fromEntries(list.map((rule) => [rule.name, rule.verdict])),
    ),
]);

const expectSchema = z.union([
  decision.transform((only) => ({ decision: only, rules: {} })),
  z
    .object({
      decision: decision.optional(),
      rules: verdicts.optional(),
      verdicts: verdicts.optional(),
    })
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

const body = { given: optional(givenFactsSchema), expect: expectSchema };

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
  .array(z.strictObject({ name, ...body }))
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
      version: z.literal(1).optional(),
      description: z.string().max(2_000).optional(),
      defaults: optional(givenFactsSchema),
      cases: cases.optional(),
      tests: cases.optional(),
    })
    .refine((file) => file.cases !== undefined || file.tests !== undefined, {
      error: '"cases" is missing: a list of {name, given, expect}',
    })
    .transform((file) => ({
      cases: [...written(file.cases ?? [], ["cases"]), ...written(file.tests ?? [], ["tests"])],
    })),
]);
