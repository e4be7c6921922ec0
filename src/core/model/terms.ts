import type { ActKind } from "./act.ts";

/** What people say that stops: none of it may be passed over by a yes that was made without it. */
export const stoppingKinds: readonly ActKind[] = [
  "reject",
  "hold",
  "freeze",
  "override_cancel",
  "bypass",
];

/** How much of that was on record before the first fact was read; acts are append-only, so another number is news. */
export interface StopsHeard {
  readonly repository: number;
  /** Only what was said of these; null: of anything in the repository. */
  readonly pullRequests: readonly number[] | null;
  readonly count: number;
}

/** Under what a yes may leave. It is made of what was true, and must be true still when it is sent. */
export interface Terms {
  /** From this instant on it must not be sent (epoch ms): it may be another answer by then, or its evidence is too old; null: no such instant. */
  readonly until: number | null;
  readonly heard: StopsHeard;
}
