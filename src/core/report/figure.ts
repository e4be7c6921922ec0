/** One number of a report. What was not observed is null, which is a gap and no zero. */
export interface Figure {
  readonly value: number | null;
  readonly unit: "a day" | "ms" | "percent";
  /** On how many rows it stands. */
  readonly rows: number;
  /** Rows that belong to it and of which it was not observed. */
  readonly missing: number;
}

/** The middle value; of an even number of them the mean of the two in the middle. null: there is none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

export const medianOf = (values: readonly number[], missing = 0): Figure => ({
  value: median(values),
  unit: "ms",
  rows: values.length,
  missing,
});
