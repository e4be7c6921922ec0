import { withoutAlternates, type PlacedReport } from "./alternates.ts";
import { mergeReports } from "./merge.ts";
import { patchCoverage, rangesToShow, type ChangedFile, type UncoveredRange } from "./patch.ts";
import { indexPaths, mapPaths, relocate } from "./paths.ts";
import type { CoverageReport } from "./report.ts";

/** Added lines of a changed file that no report shows (`unmeasured`), or of which the diff shows only a part. */
export type UnseenLines = {
  readonly path: string;
  readonly lines: number;
  readonly why: "unmeasured" | "unreadable";
};

/** The patch's part of a measurement; at most 200 ranges, the largest, in reading order. */
export type PatchMeasure = {
  readonly percent: number | null;
  readonly covered: number;
  readonly valid: number;
  readonly unseen: readonly UnseenLines[];
  readonly uncovered: readonly UncoveredRange[];
  readonly uncoveredRanges: number;
  readonly uncoveredLines: number;
};

/** What all reports of one commit come to. */
export type Measured = {
  readonly covered: number;
  readonly valid: number;
  readonly percent: number;
  readonly patch: PatchMeasure | null;
  /** Why there is no patch figure; null where there is one. */
  readonly noPatch: string | null;
  readonly warnings: readonly string[];
};

export type NotMeasured = { readonly error: string };

const keptRanges = 200;

/** Whether the changed files can only be found in the reports by knowing the other files of the repository. */
export function needsAllPaths(
  placed: readonly PlacedReport[],
  changed: readonly ChangedFile[],
): boolean {
  const listed = new Set<string>();
  const endings = new Set<string>();
  for (const { report } of placed) {
    for (const { path } of report.files) {
      listed.add(path);
      endings.add(ending(path));
    }
  }
  return changed.some(
    (file) => file.additions !== 0 && endings.has(ending(file.path)) && !listed.has(file.path),
  );
}

const ending = (path: string): string => {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot) : name;
};

/**
 * Adds up the reports of a commit and lays them under its diff. `changed` null: there is none. `all` are the paths of the
 * repository, null where they are not known: the changed ones serve then.
 */
export function measure(
  placed: readonly PlacedReport[],
  changed: readonly ChangedFile[] | null,
  all: readonly string[] | null,
): Measured | NotMeasured {
  const distinct = withoutAlternates(placed);
  const index = indexPaths(all ?? changed?.map((file) => file.path) ?? []);
  const merged = mergeReports(
    distinct.map(({ name, report }) => relocate(report, mapPaths(report, index, name))),
  );
  if ("error" in merged) return { error: merged.error };
  if (merged.percent === undefined)
    return { error: "the report measures no line: 0 of 0 is nothing covered" };
  const noPatch = whyNoPatch(merged, changed);
  return {
    covered: merged.covered,
    valid: merged.valid,
    percent: merged.percent,
    patch: noPatch === null && changed !== null ? patchOf(merged, changed) : null,
    noPatch,
    warnings: [
      ...(distinct.length === placed.length
        ? []
        : [
            `${placed.length - distinct.length} of ${placed.length} reports are the same measurement in another format: ${distinct
              .map(({ name }) => name)
              .slice(0, 3)
              .join(", ")} counts`,
          ]),
      ...merged.warnings,
    ],
  };
}

function whyNoPatch(report: CoverageReport, changed: readonly ChangedFile[] | null): string | null {
  if (changed === null) return "there is no diff";
  const lined = report.files.filter((file) => file.lines !== undefined);
  if (lined.length === 0) return "the report gives totals without lines";
  return lined.some((file) => file.path !== "") ? null : "the report names no file";
}

function patchOf(report: CoverageReport, changed: readonly ChangedFile[]): PatchMeasure {
  const patch = patchCoverage(report, changed);
  const additions = new Map(changed.map((file) => [file.path, file.additions ?? 0]));
  const seen = new Map<string, number>();
  for (const file of changed)
    if (file.patch !== undefined) seen.set(file.path, addedIn(file.patch));
  const { ranges } = rangesToShow(patch.uncovered, keptRanges);
  return {
    percent: patch.percent ?? null,
    covered: patch.covered,
    valid: patch.valid,
    unseen: [
      ...patch.unmeasured.map((path): UnseenLines => ({
        path,
        lines: additions.get(path) ?? 0,
        why: "unmeasured",
      })),
      // What of a cut patch was seen is judged already.
      ...patch.unreadable.map((path): UnseenLines => ({
        path,
        lines: Math.max(1, (additions.get(path) ?? 0) - (seen.get(path) ?? 0)),
        why: "unreadable",
      })),
    ],
    uncovered: ranges,
    uncoveredRanges: patch.uncovered.length,
    uncoveredLines: patch.uncovered.reduce((sum, range) => sum + range.lines, 0),
  };
}

function addedIn(patch: string): number {
  let lines = 0;
  for (
    let at = patch.startsWith("+") ? 0 : patch.indexOf("\n+");
    at !== -1;
    at = patch.indexOf("\n+", at + 1)
  )
    lines += 1;
  return lines;
}
