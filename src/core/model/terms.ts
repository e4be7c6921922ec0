import type { ActKind } from "./act.ts";

/** Acts that stop a subject: an approval that was decided before such an act must not be sent after it. */
export const stoppingKinds: readonly ActKind[] = [
  "reject",
  "hold",
  "freeze",
  "override_cancel",
  "bypass",
];

/**
 * How many such acts were recorded before the first fact was read; acts are append-only, so a different number
 * means a new one.
 */
export interface StopsHeard {
  readonly repository: number;
  /** Counts only acts on these; null: on anything in the repository. */
  readonly pullRequests: readonly number[] | null;
  readonly count: number;
}

/** Conditions under which an approval may be sent: what it was decided on must still hold then. */
export interface Terms {
  /**
   * It must not be sent from this instant on (epoch ms), because the answer may change or its evidence is too old;
   * null: no limit.
   */
  readonly until: number | null;
  readonly heard: StopsHeard;
}
