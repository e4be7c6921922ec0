import {
  type CoverageFailure,
  type CoverageFile,
  type CoverageFormat,
  type CoverageReport,
  type DeclaredTotals,
  percentOf,
} from "./report.ts";

const shownWarnings = 20;

/** What a reader has gathered; `totals` only where a report names no files at all. */
export type Gathered = {
  readonly format: CoverageFormat;
  readonly files: readonly CoverageFile[];
  readonly totals?: { readonly covered: number; readonly valid: number };
  readonly declared?: DeclaredTotals | undefined;
  readonly sources?: readonly string[];
  readonly warnings?: readonly string[];
};

/** Adds up what a reader gathered and refuses what cannot be a measurement; every reader ends here. */
export function finishReport(gathered: Gathered): CoverageReport | CoverageFailure {
  const { format, files, declared } = gathered;
  if (files.length === 0 && gathered.totals === undefined)
    return { error: "the report measures no file" };
  const { covered, valid } = gathered.totals ?? sumOf(files);
  if (covered > valid)
    return { error: `the report covers more lines (${covered}) than it has (${valid})` };
  const warnings = [
    ...(gathered.warnings ?? []),
    // Scaled summaries do; the sum stands, and the reader is told.
    ...files
      .filter((file) => file.covered > file.valid)
      .map((file) => `${file.path} claims ${file.covered} covered of ${file.valid}`),
  ];
  if (declared !== undefined && (declared.covered !== covered || declared.valid !== valid)) {
    warnings.push(
      `the report declares ${declared.covered} of ${declared.valid}, its lines say ${covered} of ${valid}: the lines count`,
    );
  }
  return {
    formats: [format],
    files,
    covered,
    valid,
    percent: percentOf(covered, valid),
    ...(declared === undefined ? {} : { declared }),
    ...(gathered.sources === undefined || gathered.sources.length === 0
      ? {}
      : { sources: gathered.sources }),
    warnings: capWarnings(warnings),
  };
}

/** Sums files; rounded to a millionth, because some summaries carry fractions of lines. */
export function sumOf(files: readonly CoverageFile[]): { covered: number; valid: number } {
  let covered = 0;
  let valid = 0;
  for (const file of files) {
    covered += file.covered;
    valid += file.valid;
  }
  return { covered: round(covered), valid: round(valid) };
}

export function capWarnings(warnings: readonly string[]): readonly string[] {
  const unique = [...new Set(warnings)];
  if (unique.length <= shownWarnings) return unique;
  return [...unique.slice(0, shownWarnings), `and ${unique.length - shownWarnings} more warnings`];
}

function round(sum: number): number {
  return Math.round(sum * 1e6) / 1e6;
}
