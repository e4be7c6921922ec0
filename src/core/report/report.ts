import type { Figure } from "./figure.ts";
import type { AuditedBypass, AuditedDeployment } from "./audited.ts";
import type { DeliveryFigures, Delivered } from "./delivery.ts";
import type { Lessons } from "./lessons.ts";
import { partsOf, type Span } from "./period.ts";
import type { WaitingRows } from "./unmet-times.ts";

/** One part of the period; null: the gate did not watch then. */
export interface ReportPart extends Span {
  readonly succeeded: number | null;
  readonly failed: number | null;
  readonly rollbacks: number | null;
  readonly overrides: number | null;
  readonly bypasses: number | null;
}

/** Completed check runs of one name that a rule listens to. */
export interface CheckRow {
  readonly repository: string;
  readonly name: string;
  readonly rows: number;
  readonly failed: number;
  /** The mean of those whose length is known; null: of none. */
  readonly meanMs: number | null;
}

export interface CoveragePoint {
  readonly repository: string;
  readonly at: number;
  readonly percent: number;
}

/** What a report says, to auditors and to teams, however it is shown. Instants are epoch ms. */
export interface Report extends Span {
  readonly madeAt: number;
  /** Repositories of which something is in it. */
  readonly repositories: readonly string[];
  /** Environments of which something is in it. */
  readonly environments: readonly string[];
  /** As it was chosen; null: all that may be read, and environments that are production by their names. */
  readonly repository: string | null;
  readonly environment: string | null;
  /** Since when the gate watches the first of them; null: it never looked. */
  readonly watchedSince: number | null;
  readonly figures: DeliveryFigures;
  readonly parts: readonly ReportPart[];
  readonly waiting: WaitingRows;
  /** null: none was recorded. */
  readonly checks: readonly CheckRow[] | null;
  readonly coverage: Figure & { readonly points: readonly CoveragePoint[] };
  readonly overrides: number;
  /** What reviews of overrides and bypasses found. */
  readonly lessons: Lessons;
  readonly bypasses: readonly AuditedBypass[];
  /** Oldest first. */
  readonly deployments: readonly AuditedDeployment[];
}

/** What happened when, a number for each part of the period. */
export function overTime(
  period: Span,
  now: number,
  delivered: readonly Delivered[],
  overrides: readonly number[],
  bypasses: readonly number[],
): readonly ReportPart[] {
  const watched = delivered.reduce(
    (first, { watchedSince }) => Math.min(first, watchedSince ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );
  const all = delivered.flatMap(({ deployed }) => deployed);
  const successes = all.filter(({ isRollback }) => !isRollback);
  const backs = all.filter(({ isRollback }) => isRollback);
  const times = {
    succeeded: successes.map(({ succeededAt }) => succeededAt),
    failed: successes.map(({ failedAt, takenBackAt, succeededAt }) =>
      takenBackAt === undefined ? failedAt : succeededAt,
    ),
    rollbacks: backs.map(({ succeededAt }) => succeededAt),
    overrides,
    bypasses,
  };
  return partsOf(period).map((part) => {
    const isWatched = watched < part.to && part.from < now;
    const count = (kind: keyof typeof times): number | null => {
      if (!isWatched) return null;
      let counted = 0;
      for (const at of times[kind])
        if (at !== undefined && at >= part.from && at < part.to) counted += 1;
      return counted;
    };
    return {
      ...part,
      succeeded: count("succeeded"),
      failed: count("failed"),
      rollbacks: count("rollbacks"),
      overrides: count("overrides"),
      bypasses: count("bypasses"),
    };
  });
}
