import { addedLines } from "../diff/unified.ts";
import { hitsAt } from "./line-hits.ts";
import { type CoverageFile, type CoverageReport, percentOf } from "./report.ts";

/** A changed file as GitHub lists it: no `patch` for binary and very large changes; `additions` tells a patch that is not all. */
export type ChangedFile = {
  readonly path: string;
  readonly patch?: string;
  readonly additions?: number;
};

/** Lines `from` to `to` (both included) that a pull request adds and no test runs; `lines` is how many of them count. */
export type UncoveredRange = {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly lines: number;
};

/**
 * Coverage of the added lines that the report measures. `percent` is undefined when it measures none of them:
 * `unmeasured` then says which changed files it does not know although it measures others of that kind, and
 * `unreadable` which files' changed lines could not be seen, so that nobody takes silence for full coverage.
 */
export type PatchCoverage = {
  readonly covered: number;
  readonly valid: number;
  readonly percent: number | undefined;
  readonly uncovered: readonly UncoveredRange[];
  readonly unmeasured: readonly string[];
  readonly unreadable: readonly string[];
};

/** Lays a diff over a report whose files carry repository paths (`relocate`). */
export function patchCoverage(
  report: CoverageReport,
  changed: readonly ChangedFile[],
): PatchCoverage {
  const byPath = new Map(report.files.map((file) => [file.path, file]));
  const kinds = new Set(report.files.map((file) => kindOf(file.path)));
  const uncovered: UncoveredRange[] = [];
  const unmeasured: string[] = [];
  const unreadable: string[] = [];
  let covered = 0;
  let valid = 0;
  for (const change of changed) {
    if (change.additions === 0) continue;
    const file = byPath.get(change.path);
    if (file === undefined && !kinds.has(kindOf(change.path))) continue;
    if (file?.lines === undefined) {
      unmeasured.push(change.path);
      continue;
    }
    const diff = addedLines(change.patch ?? "");
    const whole =
      change.patch !== undefined &&
      diff.complete &&
      (change.additions === undefined || change.additions === diff.added.length);
    if (!whole) unreadable.push(change.path);
    const judged = judgeLines(file, diff.added);
    covered += judged.covered;
    valid += judged.valid;
    uncovered.push(...judged.uncovered);
  }
  return { covered, valid, percent: percentOf(covered, valid), uncovered, unmeasured, unreadable };
}

function judgeLines(
  file: CoverageFile,
  added: readonly number[],
): { covered: number; valid: number; uncovered: UncoveredRange[] } {
  const uncovered: UncoveredRange[] = [];
  let covered = 0;
  let valid = 0;
  let open: { from: number; to: number; lines: number } | undefined;
  let previous = -1;
  for (const line of added) {
    const hits = file.lines === undefined ? undefined : hitsAt(file.lines, line);
    // An added blank or comment line between two uncovered ones does not break their range; a gap in the diff does.
    if (open !== undefined && (hits === undefined ? false : hits > 0 || line !== previous + 1)) {
      uncovered.push({ path: file.path, ...open });
      open = undefined;
    }
    if (hits === undefined) {
      if (line === previous + 1) previous = line;
      continue;
    }
    previous = line;
    valid += 1;
    if (hits > 0) covered += 1;
    else if (open === undefined) open = { from: line, to: line, lines: 1 };
    else open = { from: open.from, to: line, lines: open.lines + 1 };
  }
  if (open !== undefined) uncovered.push({ path: file.path, ...open });
  return { covered, valid, uncovered };
}

/** What fits into annotations: the largest ranges, shown in reading order, and how much is left out. */
export type ShownRanges = {
  readonly ranges: readonly UncoveredRange[];
  readonly moreRanges: number;
  readonly moreLines: number;
};

export function rangesToShow(uncovered: readonly UncoveredRange[], limit: number): ShownRanges {
  const largest = uncovered.toSorted((a, b) => b.lines - a.lines);
  const ranges = largest
    .slice(0, limit)
    .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.from - b.from));
  const rest = largest.slice(limit);
  return {
    ranges,
    moreRanges: rest.length,
    moreLines: rest.reduce((sum, range) => sum + range.lines, 0),
  };
}

/** Percentage points lost against the base's figure, negative when gained; undefined where either is unknown. */
export function projectDrop(
  base: number | undefined,
  head: number | undefined,
): number | undefined {
  return base === undefined || head === undefined
    ? undefined
    : Math.round((base - head) * 1e6) / 1e6;
}

/** Endings of one language: who measures `.ts` measures `.tsx` too, or its lines have no test. */
const languages: ReadonlyMap<string, string> = new Map([
  ...[".tsx", ".mts", ".cts"].map((ending) => [ending, ".ts"] as const),
  ...[".jsx", ".mjs", ".cjs"].map((ending) => [ending, ".js"] as const),
]);

function kindOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 ? name.slice(dot) : name;
  return languages.get(ending) ?? ending;
}
