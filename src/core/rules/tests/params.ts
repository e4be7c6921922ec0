import { z } from "zod";
import { oneOrMany } from "../kit/written.ts";
import { nameGlob } from "../kit/params.ts";

export const testsParams = z.strictObject({
  min: z.int().min(1).max(10_000_000).default(1).describe("Fewest cases that must have run."),
  max_failed: z.int().min(0).max(10_000_000).default(0).describe("Most cases that may fail."),
  not_fewer_than_base: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .describe("Fewest cases that must have run, in per cent of the base's; at pull requests."),
  from: oneOrMany(nameGlob)
    .default(["junit*", "test-results*"])
    .describe("Names of the workflow artifacts that hold the reports."),
  if_absent: z
    .enum(["pending", "skip"])
    .default("pending")
    .describe("What no report at all means: waiting for one, or that the rule does not apply."),
});
export type TestsParams = z.output<typeof testsParams>;

export const requiredTests = (params: TestsParams): string =>
  [
    `at least ${params.min} ${params.min === 1 ? "test" : "tests"} ran`,
    params.max_failed === 0 ? "none failed" : `at most ${params.max_failed} failed`,
    ...(params.not_fewer_than_base === undefined
      ? []
      : [`as many as ${params.not_fewer_than_base}% of the base's`]),
  ].join(", ");
