import { z } from "zod";
import { notAvailable } from "./later.ts";
import { glob, name } from "./params.ts";
import { defineRule } from "./rule.ts";

const percent = z.number().min(0).max(100);

const params = z.strictObject({
  project: percent.default(80).describe("Least coverage of the whole project, in per cent."),
  patch: percent.optional().describe("Least coverage of the changed lines, in per cent."),
  max_drop: percent.optional().describe("Most percentage points the project may lose against the base."),
  flags: z.array(name).min(1).max(50).optional().describe("Reports to count, by flag."),
  from: z
    .strictObject({
      artifact: glob.optional().describe("Name of the workflow artifact."),
      check: glob.optional().describe("Name of a coverage service's check run."),
      status: glob.optional().describe("Context of a coverage service's commit status."),
    })
    .refine((from) => Object.keys(from).length > 0, { error: "names no source: write artifact, check or status" })
    .optional()
    .describe("Where the report is; by default an artifact coverage*, then a known service's check."),
  if_absent: z.enum(["pending", "skip"]).default("pending").describe("What no report at all means: waiting for one, or that the rule does not apply."),
});

type Params = z.output<typeof params>;

export const coverage = defineRule<Params>({
  name: "coverage",
  summary: "Enough lines are covered by tests, measured on the exact head commit.",
  gates: ["pull_request"],
  defaultGates: ["pull_request"],
  params,
  ...notAvailable<Params>((asked) =>
    [
      `project coverage ${asked.project}%`,
      ...(asked.patch === undefined ? [] : [`patch coverage ${asked.patch}%`]),
      ...(asked.max_drop === undefined ? [] : [`a drop of at most ${asked.max_drop} points`]),
    ].join(", "),
  ),
});
