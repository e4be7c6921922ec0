import type { EndedCheckRun } from "#core/model/event.ts";
import type { CheckTotal, Measurement } from "#core/ports/measurements.ts";
import type { CheckRow } from "./report.ts";

/** Somebody's or something's fault, and no decision to leave it out. */
const failing = new Set(["failure", "timed_out", "startup_failure"]);

/** A check run that ended, as it is kept. */
export function checkMeasurement(
  repository: number,
  name: string,
  { id, conclusion, startedAt, at }: EndedCheckRun,
): Measurement {
  const took = startedAt === null || startedAt > at ? null : at - startedAt;
  return {
    repository,
    kind: "check",
    key: String(id),
    at,
    detail: { name, failed: failing.has(conclusion) ? 1 : 0, took },
  };
}

/** As reports show them: what fails most first. */
export const checkRows = (
  totals: readonly CheckTotal[],
  nameOf: (repository: number) => string,
): readonly CheckRow[] =>
  totals
    .map(({ repository, name, rows, failed, timed, tookMs }) => ({
      repository: nameOf(repository),
      name,
      rows,
      failed,
      meanMs: timed === 0 ? null : tookMs / timed,
    }))
    .toSorted(
      (a, b) =>
        b.failed - a.failed ||
        b.rows - a.rows ||
        a.repository.localeCompare(b.repository) ||
        a.name.localeCompare(b.name),
    );
