/** What `readCoverage` can read; the words are also those of `gatehouse read coverage`. */
export const coverageFormats = [
  "lcov",
  "cobertura",
  "jacoco",
  "clover",
  "istanbul_summary",
  "istanbul_final",
  "go",
  "coveragepy",
  "simplecov",
] as const;
export type CoverageFormat = (typeof coverageFormats)[number];

/** Measured lines of one file: line numbers ascending and unique, `hits[i]` belongs to `numbers[i]` and saturates at 2^32-1. */
export type LineHits = { readonly numbers: Uint32Array; readonly hits: Uint32Array };

/** A Go block: positions as in the profile, `statements` in it, `hits` of all of them. */
export type StatementBlock = {
  readonly position: string;
  readonly statements: number;
  readonly hits: number;
};

/**
 * One file of a report. `covered` of `valid` are lines, in Go profiles statements (what `go tool cover` counts).
 * `lines` is absent where the report gives figures only; `module` is JaCoCo's group, which tells equal paths apart.
 */
export type CoverageFile = {
  readonly path: string;
  readonly module?: string;
  readonly covered: number;
  readonly valid: number;
  readonly lines?: LineHits;
  readonly blocks?: readonly StatementBlock[];
};

/** What a report says of itself at its root; compared with the lines, never trusted over them. */
export type DeclaredTotals = {
  readonly covered: number;
  readonly valid: number;
  readonly percent: number | undefined;
};

/** `percent` is 0 to 100 and `undefined` for 0 of 0: nothing measured is not everything covered. `sources` are root folders the paths may be relative to. */
export type CoverageReport = {
  readonly formats: readonly CoverageFormat[];
  readonly files: readonly CoverageFile[];
  readonly covered: number;
  readonly valid: number;
  readonly percent: number | undefined;
  readonly declared?: DeclaredTotals;
  readonly sources?: readonly string[];
  readonly flags?: readonly string[];
  readonly warnings: readonly string[];
};

/** Why a text is not evidence, in words for a reader. */
export type CoverageFailure = { readonly error: string };

export function percentOf(covered: number, valid: number): number | undefined {
  return valid > 0 ? (covered / valid) * 100 : undefined;
}

export function declaredTotals(covered: number, valid: number): DeclaredTotals {
  return { covered, valid, percent: percentOf(covered, valid) };
}

export function isFailure<T extends object>(
  answer: T | CoverageFailure,
): answer is CoverageFailure {
  return "error" in answer;
}
