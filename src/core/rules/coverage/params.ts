import { z } from "zod";
import type { CoverageSource, CoverageSources } from "#core/facts/coverage.ts";
import { name, nameGlob, pathGlobs } from "../kit/params.ts";

const percent = z.number().min(0).max(100);

/** Tests, declarations and settings are code that no report measures, and rightly so. */
const unmeasured = [
  "**/{test,tests,__tests__,spec,specs,e2e,testdata,fixtures,__mocks__}/**",
  "**/*{.,_,-}{test,tests,spec}.*",
  "**/test_*.py",
  "**/conftest.py",
  "**/*{Test,Tests,IT,Spec}.{java,kt,scala,groovy,cs}",
  "**/*.d.{ts,mts,cts}",
  "**/*.config.*",
];

const sourceWords = ["artifact", "check", "status"] as const;
const place = z
  .strictObject({
    artifact: nameGlob.optional().describe("Name of the workflow artifact."),
    check: nameGlob.optional().describe("Name of a known coverage service's check run."),
    status: nameGlob.optional().describe("Context of a known coverage service's commit status."),
    workflow: name
      .optional()
      .describe("Path of the workflow file whose runs may bring the artifact."),
  })
  .refine((from) => Object.keys(from).length > 0, {
    error: "names no source: write artifact, check or status",
  });

/** Whatever a source is called: `from: check` is any check of a known service. */
const anyName = { artifact: "coverage*", check: "**", status: "**" } as const;

const sources = z
  .union([place, z.enum(sourceWords), z.array(z.enum(sourceWords)).min(1)])
  .transform((from): CoverageSources =>
    typeof from === "string"
      ? { [from]: anyName[from] }
      : Array.isArray(from)
        ? Object.fromEntries(from.map((word) => [word, anyName[word]]))
        : from,
  );

/** `acme/ci/.github/workflows/coverage.yml`, at any commit or at one. */
const reusableWorkflow = z
  .string()
  .regex(/^[\w.-]+\/[\w.-]+\/\.github\/workflows\/[\w.-]+\.ya?ml(?:@[0-9a-f]{40})?$/, {
    error:
      "is not a reusable workflow: write owner/repo/.github/workflows/name.yml, with @ and the full commit SHA where it is pinned",
  })
  .describe(
    "A reusable workflow: owner/repo/.github/workflows/name.yml, with @ and the full commit SHA where it is pinned.",
  );

export const coverageParams = z.strictObject({
  project: percent
    .default(80)
    .describe("Least coverage of the whole project, in per cent; 0 asks for none."),
  patch: percent.optional().describe("Least coverage of the changed lines, in per cent."),
  max_drop: percent
    .optional()
    .describe("Most percentage points the project may lose against the base."),
  flags: z.array(name).min(1).max(50).optional().describe("Reports to count, by flag."),
  from: sources
    .optional()
    .describe(
      "Where the report is: artifact, check, status, or a mapping of these to names; by default an artifact coverage*, then a known service's check.",
    ),
  trusted: z
    .boolean()
    .default(false)
    .describe("Only of workflow files that the pull request leaves as they are."),
  measured_by: z
    .array(reusableWorkflow)
    .min(1)
    .max(20)
    .optional()
    .describe(
      "Reusable workflows, one of which each run that brings a report must have called; implies trusted.",
    ),
  ignore: pathGlobs
    .default(unmeasured)
    .describe(
      "Changed files that no report need measure; others that none measures count as uncovered.",
    ),
  if_absent: z
    .enum(["pending", "skip"])
    .default("pending")
    .describe("What no report at all means: waiting for one, or that the rule does not apply."),
});
export type CoverageParams = z.output<typeof coverageParams>;

/** What decides where the reports are looked for: rules that agree on it share one reading. */
export function placeOf({ from, flags }: CoverageParams): CoverageSource {
  return { ...(from === undefined ? {} : { from }), ...(flags === undefined ? {} : { flags }) };
}
