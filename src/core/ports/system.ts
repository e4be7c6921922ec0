/** Epoch milliseconds of the system clock, and the only timer the flows use. */
export interface Clock {
  readonly now: () => number;
}

/** Structured log lines: no token, key, secret or webhook body ever. */
export interface Log {
  readonly info: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly warn: (fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly error: (fields: Readonly<Record<string, unknown>>, message: string) => void;
}

/** Counters and gauges by the names of docs/operations.md. */
export interface Meter {
  readonly count: (name: string, labels?: Readonly<Record<string, string>>, by?: number) => void;
  readonly observe: (
    name: string,
    seconds: number,
    labels?: Readonly<Record<string, string>>,
  ) => void;
}
