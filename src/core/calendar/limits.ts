import { DAY } from "./civil.ts";
import { EARLIEST, LATEST } from "./timeline.ts";

/** How far ahead the next change of one window or freeze is looked for. */
export const FARTHEST_AHEAD = 10 * 366 * DAY;

/** Instants outside 1900–2200 are nobody's deployment: they are not answered. */
export function isAnswerable(at: number): boolean {
  return Number.isFinite(at) && at >= EARLIEST && at < LATEST;
}

/** The end of a look ahead from an instant. */
export function lookAhead(at: number): number {
  return Math.min(at + FARTHEST_AHEAD, LATEST);
}
