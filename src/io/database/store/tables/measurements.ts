import type { Measurement } from "#core/ports/measurements.ts";

export interface MeasurementTable {
  readonly repository: number;
  readonly kind: Measurement["kind"];
  readonly key: string;
  readonly at: number;
  /** JSON. */
  readonly detail: string;
}
