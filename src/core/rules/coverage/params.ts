import { z } from "zod";
import type { CoverageSource, CoverageSources } from "#core/facts/coverage.ts";
import { oneOf } from "#core/text/meanings.ts";
import { name, nameGlob, pathGlobs } from "../kit/params.ts";

const percent = z.number().min(0).max(100);

/** Tests, declarations and settings, which reports do not measure and need not. */
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
const sourceWord = oneOf(sourceWords, {
  artifact: "A report that a workflow of this repository uploads.",
  check: "The check run of a known coverage service.",
  status: "The commit status of a known coverage service.",
});
const place = z
  .strictObject({
    artifact: nameGlob
      .optional()
      .meta({ description: "Name of the workflow artifact.", examples: ["coverage*"] }),
    check: nameGlob.optional().meta({
      description: "Name of a known coverage service's check run.",
      examples: ["codecov/project"],
    }),
    status: nameGlob.optional().meta({
      description: "Context of a known coverage service's commit status.",
      examples: ["coverage/coveralls"],
    }),
    workflow: name.optional().meta({
      description: "Path of the workflow file whose runs may bring the artifact.",
      examples: [".github/workflows/ci.yml"],
    }),
  })
  .refine((from) => Object.keys(from).length > 0, {
    error: "names no source: write artifact, check or status",
  })
  .meta({ examples: [{ artifact: "coverage-unit" }] });

/** Default names by kind of source: `from: check` means any check of a known service. */
const anyName = { artifact: "coverage*", check: "**", status: "**" } as const;

const sources = z
  .union([place, sourceWord, z.array(sourceWord).min(1)])
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
  .meta({
    description:
      "A reusable workflow: owner/repo/.github/workflows/name.yml, with @ and the full commit SHA where it is pinned.",
    examples: ["acme/ci/.github/workflows/coverage.yml"],
  });

export const coverageParams = z
  .strictObject({
    project: percent.default(80).meta({
      description: "Least coverage of the whole project, in per cent; 0 asks for none.",
      examples: [80],
    }),
    patch: percent
      .optional()
      .meta({ description: "Least coverage of the changed lines, in per cent.", examples: [90] }),
    max_drop: percent.optional().meta({
      description: "Most percentage points the project may lose against the base.",
      examples: [0.5],
    }),
    flags: z
      .array(name)
      .min(1)
      .max(50)
      .optional()
      .meta({ description: "Reports to count, by flag.", examples: [["unit"]] }),
    from: sources.optional().meta({
      description:
        "Where the report is: artifact, check, status, or a mapping of these to names; by default an artifact coverage*, then a known service's check.",
      examples: ["artifact", { artifact: "coverage-unit" }, { check: "codecov/project" }],
    }),
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
    ignore: pathGlobs.default(unmeasured).meta({
      description:
        "Changed files that no report need measure; others that none measures count as uncovered.",
      examples: [["scripts/**", "**/*.d.ts"]],
    }),
    if_absent: oneOf(["pending", "skip"], {
      pending: "The rule waits for one.",
      skip: "The rule does not apply, where nothing was ever measured.",
    })
      .default("pending")
      .describe("What no report at all means: waiting for one, or that the rule does not apply."),
  })
  .meta({ examples: [{ project: 80, patch: 90 }] });
export type CoverageParams = z.output<typeof coverageParams>;

/** What decides where the reports are looked for: rules that agree on it share one reading. */
export function placeOf({ from, flags }: CoverageParams): CoverageSource {
  return { ...(from === undefined ? {} : { from }), ...(flags === undefined ? {} : { flags }) };
}
