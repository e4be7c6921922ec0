import { utcDay, utcMonday, utcMonth, type CountableTimeInterval } from "d3-time";
import { dayMs } from "#core/text/duration.ts";

/** From an instant until before another (epoch ms). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const longestInDays = 31 * dayMs;
const longestInWeeks = 200 * dayMs;

/** The steps in which a period is shown: days, weeks from Monday, or months, as long as it is. UTC. */
export function partsOf({ from, to }: Span): readonly Span[] {
  const length = to - from;
  const interval: CountableTimeInterval =
    length <= longestInDays ? utcDay : length <= longestInWeeks ? utcMonday : utcMonth;
  const starts = interval
    .range(interval.floor(new Date(from)), new Date(to))
    .map((date) => date.getTime());
  return starts.map((start, index) => ({
    from: Math.max(start, from),
    to: Math.min(starts[index + 1] ?? to, to),
  }));
}
