import { dayMs } from "#core/text/duration.ts";
import { earliestMs, latestMs } from "./timeline.ts";

/** How far ahead the next change of one window or freeze is looked for. */
export const farthestAheadMs = 10 * 366 * dayMs;

/** Instants outside 1900–2200 are nobody's deployment: they are not answered. */
export function isAnswerable(at: number): boolean {
  return Number.isFinite(at) && at >= earliestMs && at < latestMs;
}

/** The end of a look ahead from an instant. */
export function lookAhead(at: number): number {
  return Math.min(at + farthestAheadMs, latestMs);
}
