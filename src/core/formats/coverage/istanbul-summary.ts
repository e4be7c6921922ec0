import { finishReport } from "./finish-report.ts";
import { countAt, type JsonRecord, recordAt } from "./json-shape.ts";
import {
  type CoverageFailure,
  type CoverageFile,
  type CoverageReport,
  declaredTotals,
  type DeclaredTotals,
} from "./report.ts";
import { tidyPath } from "./tidy-path.ts";

/**
 * Istanbul's `coverage-summary.json`: figures per file and `total`, no lines, so it says nothing about a patch. The
 * sum of the files counts; `total` alone counts where no file is listed.
 */
export function readIstanbulSummary(json: JsonRecord): CoverageReport | CoverageFailure {
  const files: CoverageFile[] = [];
  const warnings: string[] = [];
  let declared: DeclaredTotals | undefined;
  for (const [path, entry] of Object.entries(json)) {
    const lines = recordAt(entry, "lines");
    const covered = lines === undefined ? undefined : countAt(lines, "covered");
    const valid = lines === undefined ? undefined : countAt(lines, "total");
    if (covered === undefined || valid === undefined)
      return {
        error: `"${path.slice(0, 200)}" has no lines.covered and lines.total that are numbers of lines`,
      };
    if (path === "total") declared = declaredTotals(covered, valid);
    else {
      if (!Number.isInteger(covered)) warnings.push("some files claim fractions of lines");
      files.push({ path: tidyPath(path), covered, valid });
    }
  }
  const totalOnly =
    files.length === 0 && declared !== undefined
      ? { totals: { covered: declared.covered, valid: declared.valid } }
      : {};
  return finishReport({ format: "istanbul_summary", files, declared, warnings, ...totalOnly });
}
