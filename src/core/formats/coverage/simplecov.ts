import { finishReport } from "./finish-report.ts";
import { hitsOf, isRecord, type JsonRecord, recordAt } from "./json-shape.ts";
import type { CoverageFailure, CoverageReport } from "./report.ts";
import { closeFile, type OpenFile, openTally, type Tally } from "./tally.ts";

/**
 * SimpleCov's `.resultset.json` (one entry a test command, united) and the `coverage.json` of its JSON formatter. A
 * file's `lines` hold a count for each line, null where there is nothing to run, `"ignored"` between `:nocov:` marks.
 * Before 0.18 the list itself stood where `lines` stands now.
 */
export function readSimplecov(json: JsonRecord): CoverageReport | CoverageFailure {
  const tally = openTally();
  const measured = recordAt(json, "meta") === undefined ? Object.values(json) : [json];
  for (const command of measured) {
    const coverage = recordAt(command, "coverage");
    if (coverage === undefined) return { error: "a test command has no coverage" };
    for (const [path, entry] of Object.entries(coverage)) {
      const file = tally.file(path);
      const problem = hitAll(tally, file, linesIn(entry)) ?? tally.problem;
      if (problem !== undefined) return { error: `${file.path}: ${problem}` };
    }
  }
  return finishReport({
    format: "simplecov",
    files: [...tally.open()].map(closeFile),
    warnings: tally.warnings(),
  });
}

/** Whether a document is one of the two; `first` is its first entry. */
export function isSimplecov(json: JsonRecord, first: unknown): boolean {
  const coverage =
    recordAt(json, "meta") === undefined ? recordAt(first, "coverage") : recordAt(json, "coverage");
  return (
    coverage !== undefined && Object.values(coverage).every((entry) => linesIn(entry) !== undefined)
  );
}

function linesIn(entry: unknown): readonly unknown[] | undefined {
  const lines: unknown = isRecord(entry) ? entry["lines"] : entry;
  return Array.isArray(lines) ? lines : undefined;
}

function hitAll(
  tally: Tally,
  file: OpenFile,
  lines: readonly unknown[] | undefined,
): string | undefined {
  if (lines === undefined) return "no list of lines";
  for (const [index, hits] of lines.entries()) {
    if (hits === null || hits === "ignored") continue;
    const count = hitsOf(hits);
    if (count === undefined) return `line ${index + 1} has no count`;
    tally.hit(file, index + 1, count);
  }
  return undefined;
}
