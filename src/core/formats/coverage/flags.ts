import type { CoverageReport } from "./report.ts";

/** A flag names a part of a run's coverage: `coverage-backend` and `backend-coverage` are artifacts of the flag `backend`. */
export function flagOfArtifact(artifact: string): string | undefined {
  const flag = artifact
    .replace(/^(?:code-?)?coverage(?:-report|-results?)?(?:[-_.]|$)/i, "")
    .replace(/(?:^|[-_.])(?:code-?)?coverage(?:-report|-results?)?$/i, "");
  return flag === "" ? undefined : flag;
}

export function withFlags(report: CoverageReport, flags: readonly string[]): CoverageReport {
  return flags.length === 0
    ? report
    : { ...report, flags: [...new Set([...(report.flags ?? []), ...flags])] };
}

/** The reports of one flag; compared without case, as artifact names are typed by hand. */
export function reportsWithFlag(
  reports: readonly CoverageReport[],
  flag: string,
): readonly CoverageReport[] {
  return reports.filter(
    (report) => report.flags?.some((one) => one.toLowerCase() === flag.toLowerCase()) ?? false,
  );
}
