import { capWarnings, sumOf } from "./finish-report.ts";
import { statementFile } from "./go-profile.ts";
import { coveredCount, uniteLines } from "./line-hits.ts";
import {
  type CoverageFailure,
  type CoverageFile,
  type CoverageReport,
  declaredTotals,
  type LineHits,
  percentOf,
  type StatementBlock,
} from "./report.ts";

/**
 * The report files of one run as one report. Different files add up; the same file in several reports is measured once:
 * its lines are united, its Go blocks added up. A file with lines beats the same file with figures only. Put repository
 * paths in first (`relocate`), or one file under two spellings counts twice.
 */
export function mergeReports(reports: readonly CoverageReport[]): CoverageReport | CoverageFailure {
  const [first, ...others] = reports;
  if (first === undefined) return { error: "there is no coverage report to add up" };
  if (others.length === 0) return first;
  const files = new Map<string, CoverageFile>();
  const warnings = reports.flatMap((report) => report.warnings);
  let listed = 0;
  for (const report of reports) {
    // Totals without files cannot be laid over other reports line by line: what they count may be counted already.
    if (report.files.length === 0) {
      warnings.push("a report that gives totals without files was left out of the sum");
      continue;
    }
    listed += 1;
    for (const file of report.files) {
      // What has no path is nobody's other half.
      const path = file.path === "" ? `\0${files.size}` : file.path;
      const key = file.module === undefined ? path : `${file.module}\0${path}`;
      const known = files.get(key);
      files.set(key, known === undefined ? file : uniteFiles(known, file, warnings));
    }
  }
  if (listed === 0)
    return {
      error:
        "several reports give totals only: they cannot be added up without counting files twice",
    };
  const merged = [...files.values()];
  const { covered, valid } = sumOf(merged);
  const declared = declaredSum(reports);
  const sources = unique(reports.flatMap((report) => report.sources ?? []));
  const flags = unique(reports.flatMap((report) => report.flags ?? []));
  return {
    formats: unique(reports.flatMap((report) => report.formats)),
    files: merged,
    covered,
    valid,
    percent: percentOf(covered, valid),
    ...(declared === undefined ? {} : { declared }),
    ...(sources.length === 0 ? {} : { sources }),
    ...(flags.length === 0 ? {} : { flags }),
    warnings: capWarnings(warnings),
  };
}

function uniteFiles(one: CoverageFile, other: CoverageFile, warnings: string[]): CoverageFile {
  if (one.lines === undefined && other.lines === undefined)
    return uniteFigures(one, other, warnings);
  if (one.lines === undefined || other.lines === undefined) {
    warnings.push(`${one.path}: one report has its lines, another only figures: the lines count`);
    return one.lines === undefined ? other : one;
  }
  const lines = uniteLines(one.lines, other.lines);
  const place = {
    path: one.path,
    ...(one.module === undefined ? {} : { module: one.module }),
    lines,
  };
  if (one.blocks !== undefined && other.blocks !== undefined)
    return statementFile({ ...place, covered: 0, valid: 0 }, uniteBlocks(one.blocks, other.blocks));
  if (one.blocks !== undefined || other.blocks !== undefined) {
    warnings.push(`${one.path}: one report counts statements, another lines: lines count`);
    return { ...place, covered: coveredCount(lines), valid: lines.numbers.length };
  }
  const uncounted = Math.max(linesBeyond(one, one.lines), linesBeyond(other, other.lines));
  return {
    ...place,
    covered: Math.max(0, coveredCount(lines) - uncounted),
    valid: Math.max(0, lines.numbers.length - uncounted),
  };
}

/** Executed lines that the report itself does not count (coverage.py's docstrings). */
function linesBeyond(file: CoverageFile, lines: LineHits): number {
  return Math.max(0, lines.numbers.length - file.valid);
}

/** Without lines nobody knows the union: it is at least the better of the two, so that is what counts. */
function uniteFigures(one: CoverageFile, other: CoverageFile, warnings: string[]): CoverageFile {
  warnings.push(
    `${one.path}: two reports give figures without lines: the better one counts, not their sum`,
  );
  const valid = Math.max(one.valid, other.valid);
  return { ...one, covered: Math.min(valid, Math.max(one.covered, other.covered)), valid };
}

function uniteBlocks(
  one: readonly StatementBlock[],
  other: readonly StatementBlock[],
): readonly StatementBlock[] {
  const byPosition = new Map(one.map((block) => [block.position, block]));
  for (const block of other) {
    const known = byPosition.get(block.position);
    byPosition.set(
      block.position,
      known === undefined ? block : { ...known, hits: known.hits + block.hits },
    );
  }
  return [...byPosition.values()];
}

/** Only where every report declares something; else the sum would be of something else than the lines. */
function declaredSum(reports: readonly CoverageReport[]): CoverageReport["declared"] {
  const all = reports.flatMap((report) => (report.declared === undefined ? [] : [report.declared]));
  if (all.length < reports.length) return undefined;
  return declaredTotals(
    all.reduce((sum, one) => sum + one.covered, 0),
    all.reduce((sum, one) => sum + one.valid, 0),
  );
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
