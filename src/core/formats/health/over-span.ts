import { keepsTo, worstOf, type Comparison } from "./comparison.ts";
import type { Point, Series } from "./series.ts";

/** An interval of time, both ends included; epoch ms. */
export interface Span {
  readonly from: number;
  readonly until: number;
  /** So late a line may begin: what was only just deployed measures nothing yet. */
  readonly graceMs?: number;
}

/** How several lines together keep to a comparison over a span. */
export interface OverSpan {
  /** At its end, of the line that is furthest off; null: one of them has no value there. */
  readonly value: number | null;
  /** At its end. */
  readonly keeps: boolean;
  /** From when on, without a gap, all keep to it, or the first of those that do not stopped to; the span's beginning where it may be longer; null: no value at the end. */
  readonly since: number | null;
  /** The last instant in the span at which one did not keep to it. */
  readonly brokenAt: number | null;
  /** The instant at which the last gap in the span ended; the span's end where it goes on. */
  readonly gapAt: number | null;
}

const none: OverSpan = { value: null, keeps: false, since: null, brokenAt: null, gapAt: null };

/** Every line has to keep to it, and to be there, over the whole span. */
export function overSpan(series: readonly Series[], comparison: Comparison, span: Span): OverSpan {
  const lines = series.map((line) => overLine(line, comparison, span));
  if (lines.length === 0) return { ...none, gapAt: span.until };
  const values = lines.flatMap(({ value }) => (value === null ? [] : [value]));
  const broken = lines.filter(({ value, keeps }) => value !== null && !keeps);
  const sinceOf = (some: readonly OverSpan[]): number[] =>
    some.flatMap(({ since }) => (since === null ? [] : [since]));
  const isWhole = values.length === lines.length;
  return {
    value: isWhole ? (worstOf(comparison, values) ?? null) : null,
    keeps: isWhole && broken.length === 0,
    since: !isWhole
      ? null
      : broken.length > 0
        ? Math.min(...sinceOf(broken))
        : Math.max(...sinceOf(lines)),
    brokenAt: latest(lines.map(({ brokenAt }) => brokenAt)),
    gapAt: latest(lines.map(({ gapAt }) => gapAt)),
  };
}

function latest(instants: readonly (number | null)[]): number | null {
  return instants.reduce<number | null>(
    (best, at) => (at !== null && (best === null || at > best) ? at : best),
    null,
  );
}

function overLine(
  { points, reachMs }: Series,
  comparison: Comparison,
  { from, until, graceMs = 0 }: Span,
): OverSpan {
  // What was measured last before the span speaks for its beginning, nothing before that does.
  const before = points.findLast(({ at }) => at <= from);
  const within = [
    ...(before !== undefined && before.at + reachMs > from ? [before] : []),
    ...points.filter(({ at }) => at > from && at <= until),
  ];
  const first = within[0];
  const last = within.at(-1);
  if (first === undefined || last === undefined) return { ...none, gapAt: until };
  const isGap = (before: Point, after: Point): boolean => after.at - before.at > reachMs;
  let gapAt = first.at > from + graceMs ? first.at : null;
  let brokenAt: number | null = null;
  let since = first.at;
  within.forEach((point, index) => {
    const earlier = within[index - 1];
    const keeps = keepsTo(comparison, point.value);
    if (!keeps) brokenAt = Math.max(point.at, from);
    if (earlier === undefined) return;
    if (isGap(earlier, point)) gapAt = point.at;
    if (isGap(earlier, point) || keepsTo(comparison, earlier.value) !== keeps) since = point.at;
  });
  if (last.at + reachMs < until) return { ...none, brokenAt, gapAt: until };
  return {
    value: last.value,
    keeps: keepsTo(comparison, last.value),
    since: Math.max(since, from),
    brokenAt,
    gapAt,
  };
}
