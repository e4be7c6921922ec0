import type { UncoveredRange } from "#core/formats/coverage/patch.ts";
import type { Evidence } from "#core/model/evidence.ts";
import { defineFact } from "#core/model/fact.ts";
import type { CalledWorkflow } from "./workflows.ts";
import { runChanges } from "./run-changes.ts";
import { diffChanges } from "./diff-changes.ts";

/** Where the reports of a commit are looked for; names are globs. Left out: an artifact `coverage*`, then a known service. */
export interface CoverageSource {
  readonly from?: CoverageSources | undefined;
  /** Only reports of these flags, added up. */
  readonly flags?: readonly string[] | undefined;
  /** Only artifacts of exactly these names: for a comparison with a commit that has no others. */
  readonly artifacts?: readonly string[] | undefined;
}

export interface CoverageSources {
  readonly artifact?: string | undefined;
  readonly check?: string | undefined;
  readonly status?: string | undefined;
  /** Path of the workflow file whose runs may bring the artifact. */
  readonly workflow?: string | undefined;
}

/** `percent` is 0 to 100. `covered` of `valid` lines (statements for Go); null where a service said the percentage only. */
export interface CoverageFigure {
  readonly percent: number;
  readonly covered: number | null;
  readonly valid: number | null;
}

/** A changed file of which lines could not be seen: unknown to the report, or its diff is not shown whole. */
export interface UnseenFile {
  readonly path: string;
  readonly lines: number;
  readonly why: "unmeasured" | "unreadable";
}

/**
 * Coverage of the lines that the pull request adds. `percent` null: no added line is measured; `unseen` then says whether
 * that is because nothing measurable was added. `uncovered` holds the largest ranges; `uncoveredRanges` counts all.
 */
export interface PatchFigure {
  readonly percent: number | null;
  readonly covered: number | null;
  readonly valid: number | null;
  readonly unseen: readonly UnseenFile[];
  readonly uncovered: readonly UncoveredRange[];
  readonly uncoveredRanges: number;
  readonly uncoveredLines: number;
}

/**
 * What is known of the coverage of the judged commit.
 * - `figures`: measured by reports in artifacts, or the word of a known service's own app.
 * - `unusable`: there are reports, and they are no measurement (0 of 0, empty, cut off, refused).
 * - `absent`: none; `waiting` names runs that may still bring one, `ignored` says what was found and does not count.
 */
export type CoverageFact =
  | {
      readonly kind: "figures";
      readonly from: "artifact" | "service";
      /** Names of the artifacts that were measured; empty for a service. */
      readonly reports: readonly string[];
      /** Runs that may still bring another report. */
      readonly waiting: readonly string[];
      /** Runs that were stopped before they had reported, in words. */
      readonly cut?: readonly string[] | undefined;
      /** Runs that failed, with their jobs, though no test report of theirs shows a failure, in words. */
      readonly unexplained?: readonly string[] | undefined;
      readonly project: CoverageFigure | null;
      readonly patch: PatchFigure | null;
      /** Why there is no patch figure; null where there is one. */
      readonly noPatch: string | null;
      /** Workflow files whose runs brought the reports; empty for a service. */
      readonly workflows: readonly string[];
      /** Reusable workflows that each of those runs called. */
      readonly called: readonly CalledWorkflow[];
      readonly warnings: readonly string[];
      /** The artifacts or the check that say so. */
      readonly evidence: readonly Evidence[];
    }
  | { readonly kind: "unusable"; readonly problems: readonly string[] }
  | {
      readonly kind: "absent";
      readonly waiting: readonly string[];
      readonly cut?: readonly string[] | undefined;
      readonly ignored: readonly string[];
    };

export const coverageReport = defineFact<CoverageSource, CoverageFact>({
  name: "coverage_report",
  summary:
    "Coverage of the judged commit and of the lines it adds, from the reports of its own workflow runs or a known service's check.",
  changedBy: [...runChanges, "check_run.completed", "status", ...diffChanges],
  permissions: ["actions", "checks", "contents", "pull_requests", "statuses"],
  cost: 3,
  whenIncomplete:
    "Somebody with write access runs the workflow that uploads the reports again (Actions, the run, Re-run all jobs): they have expired or were deleted before they were read, or GitHub lists a part of them only.",
  describe: () => "the coverage reports",
});

/**
 * The figure that a drop is measured from: of `sha`, the merge base or its nearest ancestor that has one, with where it
 * comes from, because only the same reports can be compared.
 */
export interface BaseCoverage {
  readonly percent: number;
  readonly sha: string;
  readonly from: "artifact" | "service";
  readonly reports: readonly string[];
}

export const baseCoverage = defineFact<CoverageSource, BaseCoverage | null>({
  name: "coverage_base",
  summary:
    "Project coverage of the merge base, or of the nearest ancestor on the base branch that has a report.",
  changedBy: [...diffChanges, "push"],
  permissions: ["actions", "contents"],
  cost: 3,
  describe: () => "the coverage of the base branch",
});
