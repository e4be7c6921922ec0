/** A half-open interval of epoch milliseconds: `start` is inside, `end` is not. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** Sorted, disjoint, non-touching half-open intervals, flat: start, end, start, end … The shape every question is answered from. */
export type Spans = Float64Array;

export const noSpans: Spans = new Float64Array(0);

/** Gathers intervals in any order, overlapping or not, cut to [from, until). */
export interface SpanCollector {
  readonly add: (start: number, end: number) => void;
  readonly spans: () => Spans;
}

export function collectSpans(from: number, until: number): SpanCollector {
  const flat: number[] = [];
  let sorted = true;
  return {
    add: (start, end) => {
      const low = Math.max(start, from);
      const high = Math.min(end, until);
      if (!(low < high)) return;
      const last = flat.length - 2;
      const lastStart = flat[last];
      const lastEnd = flat[last + 1];
      if (lastStart !== undefined && lastEnd !== undefined) {
        if (low < lastStart) sorted = false;
        else if (low <= lastEnd) {
          if (high > lastEnd) flat[last + 1] = high;
          return;
        }
      }
      flat.push(low, high);
    },
    spans: () => (sorted ? Float64Array.from(flat) : merged(flat)),
  };
}

function merged(flat: readonly number[]): Spans {
  const order = Array.from({ length: flat.length / 2 }, (_, index) => index * 2).sort(
    (a, b) => (flat[a] ?? 0) - (flat[b] ?? 0),
  );
  const out: number[] = [];
  for (const index of order) {
    const start = flat[index] ?? 0;
    const end = flat[index + 1] ?? 0;
    const lastEnd = out[out.length - 1];
    if (lastEnd !== undefined && start <= lastEnd) out[out.length - 1] = Math.max(lastEnd, end);
    else out.push(start, end);
  }
  return Float64Array.from(out);
}

/** What is in `left` and not in `right`. */
export function without(left: Spans, right: Spans): Spans {
  if (left.length === 0 || right.length === 0) return left;
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < left.length; i += 2) {
    let start = left[i] ?? 0;
    const end = left[i + 1] ?? 0;
    while (j < right.length && (right[j + 1] ?? 0) <= start) j += 2;
    for (let k = j; k < right.length && (right[k] ?? 0) < end; k += 2) {
      const holeStart = right[k] ?? 0;
      if (holeStart > start) out.push(start, holeStart);
      start = Math.max(start, right[k + 1] ?? 0);
    }
    if (start < end) out.push(start, end);
  }
  return Float64Array.from(out);
}

/** What is in both. */
export function intersection(left: Spans, right: Spans): Spans {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const start = Math.max(left[i] ?? 0, right[j] ?? 0);
    const leftEnd = left[i + 1] ?? 0;
    const rightEnd = right[j + 1] ?? 0;
    if (start < Math.min(leftEnd, rightEnd)) out.push(start, Math.min(leftEnd, rightEnd));
    if (leftEnd <= rightEnd) i += 2;
    else j += 2;
  }
  return Float64Array.from(out);
}

/** What is in any of several. */
export function unionOf(parts: readonly Spans[]): Spans {
  const filled = parts.filter((spans) => spans.length > 0);
  const [first] = filled;
  if (first === undefined) return noSpans;
  if (filled.length === 1) return first;
  const collector = collectSpans(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  for (const spans of filled) {
    for (let index = 0; index < spans.length; index += 2)
      collector.add(spans[index] ?? 0, spans[index + 1] ?? 0);
  }
  return collector.spans();
}

/** The index of the span that holds `at`, or of the next one after it, times two; the length when there is none. */
export function spanAt(spans: Spans, at: number): number {
  let low = 0;
  let high = spans.length >>> 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle * 2 + 1] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low * 2;
}
