import type { CheckTotal } from "#core/report/check-run.ts";

/**
 * Something that reports need and no other record keeps. `change`: a merged pull request, by its number, read again through
 * core/report. `check`: a check run that ended, by its id: `name`, `failed` (0 or 1) and `took` (ms, or null).
 */
export interface Measurement {
  readonly repository: number;
  readonly kind: "change" | "check";
  readonly key: string;
  /** Epoch ms: what it is found and forgotten by. */
  readonly at: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Measurements {
  /** What was measured first stays: false where there is one of this key. */
  readonly note: (measurement: Measurement) => Promise<boolean>;
  /** Oldest first. */
  readonly ofRepositories: (
    repositories: readonly number[],
    kind: Measurement["kind"],
  ) => Promise<readonly Measurement[]>;
  /** Counted by the database: a year has more of them than anybody wants to read. */
  readonly checks: (
    period: { readonly from: number; readonly to: number },
    repository?: number,
  ) => Promise<readonly CheckTotal[]>;
  /** Forgets what is of before this instant; answers how many rows went. */
  readonly prune: (before: number) => Promise<number>;
}
