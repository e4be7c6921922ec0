import { readCoverage } from "./read.ts";
import type { CoverageFormat } from "./report.ts";

/** A file that somebody named, with its content or why it could not be opened. */
export type NamedFile =
  | { readonly file: string; readonly content: string | Uint8Array }
  | { readonly file: string; readonly error: string };

/** One line of `gatehouse read coverage`: `percent` has four decimals and is null for 0 of 0. */
export type CoverageAnswer =
  | {
      readonly file: string;
      readonly format: CoverageFormat;
      readonly covered: number;
      readonly valid: number;
      readonly percent: number | null;
      readonly files: number;
      readonly declared?: { readonly covered: number; readonly valid: number };
      readonly warnings?: readonly string[];
    }
  | { readonly file: string; readonly error: string };

/** The pure answer of `gatehouse read coverage FILE…`, one per file in the order given. */
export function readCoverageFiles(files: readonly NamedFile[]): readonly CoverageAnswer[] {
  return files.map((named) => ("error" in named ? named : answerFor(named.file, named.content)));
}

function answerFor(file: string, content: string | Uint8Array): CoverageAnswer {
  const report = readCoverage(file, content);
  if ("error" in report) return { file, error: report.error };
  const [format] = report.formats;
  if (format === undefined) return { file, error: `${file}: no format` };
  return {
    file,
    format,
    covered: report.covered,
    valid: report.valid,
    percent: report.percent === undefined ? null : Math.round(report.percent * 1e4) / 1e4,
    files: report.files.length,
    ...(report.declared === undefined
      ? {}
      : { declared: { covered: report.declared.covered, valid: report.declared.valid } }),
    ...(report.warnings.length === 0 ? {} : { warnings: report.warnings }),
  };
}
