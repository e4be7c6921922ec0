import type { Figures } from "./figures.ts";
import type { CoverageFigure } from "#core/facts/coverage.ts";
import { projectDrop } from "#core/formats/coverage/patch.ts";
import type { Comparison } from "./comparison.ts";
import type { CoverageParams } from "./params.ts";
import type { PatchShare } from "./patch-share.ts";
import { percentText, pointsText } from "./phrases.ts";

/** What stands against a pass: `missed` is measured and too little, `missing` could not be measured. */
export interface Shortfalls {
  readonly missed: readonly string[];
  readonly missing: readonly {
    readonly what: string;
    readonly next: string;
    readonly mayComeByItself: boolean;
  }[];
}

/** `comparison` undefined: no drop is asked for. `share` null: there is no patch figure. */
export function shortfalls(
  asked: CoverageParams,
  figures: Figures,
  share: PatchShare | null,
  comparison: Comparison | undefined,
): Shortfalls {
  const missed: string[] = [];
  const missing: Shortfalls["missing"][number][] = [];
  const { project } = figures;
  if (project === null && (asked.project > 0 || asked.max_drop !== undefined)) {
    missing.push({
      what: "project coverage is not reported",
      next: "The author lets a workflow upload a coverage report as an artifact; or an owner of the policy sets project: 0 where only the patch counts.",
      mayComeByItself: false,
    });
  }
  if (project !== null && !reaches(project, asked.project))
    missed.push(`project coverage ${percentText(project.percent)} < ${percentText(asked.project)}`);

  if (asked.patch !== undefined) {
    if (share === null) {
      missing.push({
        what: `patch coverage cannot be told: ${figures.noPatch ?? "it is not reported"}`,
        next: "The author lets the workflow upload a report that lists lines (lcov, Cobertura, JaCoCo, coverage-final.json, Go profile).",
        mayComeByItself: false,
      });
    } else if (
      share.percent !== null &&
      !reaches({ percent: share.percent, covered: share.covered, valid: share.valid }, asked.patch)
    ) {
      missed.push(`patch coverage ${percentText(share.percent)} < ${percentText(asked.patch)}`);
    }
  }
  if (asked.max_drop !== undefined && project !== null) {
    if (comparison?.kind === "unlike") {
      missing.push({ what: comparison.what, next: comparison.next, mayComeByItself: true });
    } else {
      const drop =
        comparison?.kind === "alike"
          ? projectDrop(comparison.base.percent, comparison.percent)
          : undefined;
      if (drop === undefined) {
        missing.push({
          what: "the base branch has no coverage to compare with",
          next: "Somebody runs the workflow that measures coverage on the base branch once; then the author updates the branch. Or an owner of the policy leaves max_drop out.",
          mayComeByItself: true,
        });
      } else if (drop > asked.max_drop) {
        missed.push(
          `project coverage drops by ${pointsText(drop)}, more than ${pointsText(asked.max_drop)}`,
        );
      }
    }
  }
  return { missed, missing };
}

/** Counted where counts are known: 28 of 35 lines are 80 %, whatever a division of doubles makes of it. */
function reaches({ percent, covered, valid }: CoverageFigure, least: number): boolean {
  return covered === null || valid === null ? percent >= least : covered * 100 >= least * valid;
}
