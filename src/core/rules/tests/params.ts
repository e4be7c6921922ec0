import { z } from "zod";
import { oneOf } from "#core/text/meanings.ts";
import { oneOrMany } from "../kit/written.ts";
import { nameGlob } from "../kit/params.ts";

/** Names of artifacts under which test reports are uploaded where nobody says others. */
export const usualReports = ["junit*", "test-results*"];

export const testsParams = z
  .strictObject({
    min: z
      .int()
      .min(1)
      .max(10_000_000)
      .default(1)
      .meta({ description: "Fewest cases that must have run.", examples: [1, 250] }),
    max_failed: z
      .int()
      .min(0)
      .max(10_000_000)
      .default(0)
      .meta({ description: "Most cases that may fail.", examples: [0] }),
    not_fewer_than_base: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .meta({
        description:
          "Fewest cases that must have run, in per cent of the base's; at pull requests.",
        examples: [95],
      }),
    from: oneOrMany(nameGlob)
      .default(usualReports)
      .meta({
        description: "Names of the workflow artifacts that hold the reports.",
        examples: ["junit*", ["junit*", "test-results*"]],
      }),
    if_absent: oneOf(["pending", "skip"], {
      pending: "The rule waits for one.",
      skip: "The rule does not apply, where nothing was ever tested.",
    })
      .default("pending")
      .describe("What no report at all means: waiting for one, or that the rule does not apply."),
  })
  .meta({ examples: [{ min: 1 }, { not_fewer_than_base: 95 }] });
export type TestsParams = z.output<typeof testsParams>;

export const requiredTests = (params: TestsParams): string =>
  [
    `at least ${params.min} ${params.min === 1 ? "test" : "tests"} ran`,
    params.max_failed === 0 ? "none failed" : `at most ${params.max_failed} failed`,
    ...(params.not_fewer_than_base === undefined
      ? []
      : [`as many as ${params.not_fewer_than_base}% of the base's`]),
  ].join(", ");
