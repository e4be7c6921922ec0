import { finishReport } from "./finish-report.ts";
import { countAt, isLineNumber, isRecord, type JsonRecord, recordAt } from "./json-shape.ts";
import {
  type CoverageFailure,
  type CoverageFile,
  type CoverageReport,
  declaredTotals,
} from "./report.ts";
import { closeFile, type OpenFile, openTally, type Tally } from "./tally.ts";

/**
 * coverage.py's JSON report, and SlipCover's, which has no `num_statements` and calls its totals `summary`.
 * `executed_lines` also lists docstrings, which are no statements, so the file's summary says how many executed lines
 * count; the missing lines are taken from their list, which a summary cannot hide.
 */
export function readCoveragePy(json: JsonRecord): CoverageReport | CoverageFailure {
  const tally = openTally();
  const files: CoverageFile[] = [];
  const warnings: string[] = [];
  for (const [path, entry] of Object.entries(recordAt(json, "files") ?? {})) {
    const summary = recordAt(entry, "summary");
    const claimed = summary === undefined ? undefined : countAt(summary, "covered_lines");
    const statements = statementsIn(summary);
    if (!isRecord(entry) || claimed === undefined || statements === undefined)
      return {
        error: `"${path.slice(0, 200)}" has no summary with covered_lines and num_statements or missing_lines`,
      };
    const open = tally.file(path);
    const problem =
      hitAll(tally, open, entry["missing_lines"], 0) ??
      hitAll(tally, open, entry["executed_lines"], 1) ??
      tally.problem;
    if (problem !== undefined) return { error: `${open.path}: ${problem}` };
    const byLines = closeFile(open);
    const missing = byLines.valid - byLines.covered;
    const covered = Math.min(claimed, byLines.covered);
    if (covered + missing !== statements || covered !== claimed)
      warnings.push(
        `${open.path}: the summary says ${claimed} of ${statements}, the lines ${covered} of ${covered + missing}`,
      );
    files.push({ ...byLines, covered, valid: covered + missing });
  }
  const totals = recordAt(json, "totals") ?? recordAt(json, "summary");
  const covered = totals === undefined ? undefined : countAt(totals, "covered_lines");
  const valid = statementsIn(totals);
  return finishReport({
    format: "coveragepy",
    files,
    declared:
      covered === undefined || valid === undefined ? undefined : declaredTotals(covered, valid),
    warnings: [...tally.warnings(), ...warnings],
  });
}

function statementsIn(summary: JsonRecord | undefined): number | undefined {
  if (summary === undefined) return undefined;
  const statements = countAt(summary, "num_statements");
  const covered = countAt(summary, "covered_lines");
  const missing = countAt(summary, "missing_lines");
  return (
    statements ?? (covered === undefined || missing === undefined ? undefined : covered + missing)
  );
}

function hitAll(tally: Tally, file: OpenFile, lines: unknown, hits: number): string | undefined {
  if (!Array.isArray(lines)) return "no lists of executed and missing lines";
  for (const line of lines as readonly unknown[]) {
    if (!isLineNumber(line)) return "a line that is no number";
    tally.hit(file, line, hits);
  }
  return undefined;
}
