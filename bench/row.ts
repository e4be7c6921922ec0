/** One line of the bench: what was promised and what was measured. */
export interface Row {
  readonly name: string;
  readonly budget: string;
  readonly measured: string;
  /** Whether the measurement keeps the budget; null where there is none. */
  readonly kept: boolean | null;
  /** What `docs/scale.md` reckons with, by name. */
  readonly values?: Readonly<Record<string, number>>;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const ms = (value: number): string =>
  `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
export const seconds = (value: number): string => `${(value / 1000).toFixed(2)} s`;
