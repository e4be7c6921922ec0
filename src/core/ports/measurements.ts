/**
 * Something that reports need and no other record keeps. `change`: a merged pull request, by its number. `detail` is read
 * again through core/report.
 */
export interface Measurement {
  readonly repository: number;
  readonly kind: "change";
  readonly key: string;
  /** Epoch ms: what it is found and forgotten by. */
  readonly at: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Measurements {
  /** What was measured first stays: false where there is one of this key. */
  readonly note: (measurement: Measurement) => Promise<boolean>;
  /** Oldest first. */
  readonly of: (repository: number, kind: Measurement["kind"]) => Promise<readonly Measurement[]>;
  /** Forgets what is of before this instant; answers how many rows went. */
  readonly prune: (before: number) => Promise<number>;
}
