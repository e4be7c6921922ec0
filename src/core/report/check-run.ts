import type { EndedCheckRun } from "#core/model/event.ts";
import type { CheckRow } from "./report.ts";

/** Somebody's or something's fault, and no decision to leave it out. */
const failing = new Set(["failure", "timed_out", "startup_failure"]);

/** The check runs of one name that ended in a period. */
export interface CheckTotal {
  readonly repository: number;
  readonly name: string;
  readonly rows: number;
  readonly failed: number;
  /** Those whose length is known, and how long they took together. */
  readonly timed: number;
  readonly tookMs: number;
}

/** A check run that ended, as it is kept. */
export interface MeasuredCheck {
  readonly repository: number;
  readonly kind: "check";
  readonly key: string;
  readonly at: number;
  readonly detail: { readonly name: string; readonly failed: 0 | 1; readonly took: number | null };
}

export function checkMeasurement(
  repository: number,
  name: string,
  { id, conclusion, startedAt, at }: EndedCheckRun,
): MeasuredCheck {
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
