/** One measured value; `at` in epoch ms. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** One line of a measurement, oldest value first. A value speaks for `reachMs` from its instant on; what nothing speaks for is a gap. */
export interface Series {
  readonly points: readonly Point[];
  readonly reachMs: number;
}

/** An answer of a source as data. `nonsense`: it cannot be taken for a measurement, and why. */
export type Reading =
  | { readonly kind: "series"; readonly series: readonly Series[] }
  | { readonly kind: "nonsense"; readonly because: string };

/** An object of an answer's JSON. */
export type Data = Readonly<Record<string, unknown>>;

export const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const nonsense = (because: string): Extract<Reading, { kind: "nonsense" }> => ({
  kind: "nonsense",
  because,
});
