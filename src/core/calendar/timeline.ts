import { collectSpans, NO_SPANS, without } from "./spans.ts";
import type { Spans } from "./spans.ts";
import type { Source } from "./source.ts";

/** The stretch of time that is worked out at once: 2^33 ms, about 99 days. */
export const CHUNK = 2 ** 33;
/** Answers are given between these instants (1900 and 2200); outside, whoever asks fails closed. */
export const EARLIEST = Date.UTC(1900, 0, 1);
export const LATEST = Date.UTC(2200, 0, 1);
/** Numbers kept per timeline; the oldest stretch goes first. A dense cron fills this, an ordinary window never does. */
const MOST_KEPT = 2_000_000;

/** What is known of one stretch of time: where it is on for certain, where nobody can say, and why. */
export interface Chunk {
  readonly on: Spans;
  readonly maybe: Spans;
  /** On or maybe: where something that closes must be taken to be on. */
  readonly possible: Spans;
  readonly because: string | undefined;
}

export interface Timeline {
  readonly chunk: (index: number) => Chunk;
}

interface Known {
  readonly spans: Spans;
  readonly because: string | undefined;
}

function unionOfSources(sources: readonly Source[], from: number, until: number): Known {
  const collector = collectSpans(from, until);
  let because: string | undefined;
  for (const source of sources) because = source.fill(from, until, collector.add) ?? because;
  return { spans: collector.spans(), because };
}

function unionOfTimelines(timelines: readonly Timeline[], index: number): Known {
  const chunks = timelines.map((timeline) => timeline.chunk(index));
  return {
    spans: chunks.reduce((spans, { on }) => join(spans, on, index * CHUNK, (index + 1) * CHUNK), NO_SPANS),
    because: chunks.find(({ because }) => because !== undefined)?.because,
  };
}

function join(left: Spans, right: Spans, from: number, until: number): Spans {
  if (right.length === 0) return left;
  if (left.length === 0) return right;
  const collector = collectSpans(from, until);
  for (const spans of [left, right]) {
    for (let index = 0; index < spans.length; index += 2) collector.add(spans[index] ?? 0, spans[index + 1] ?? 0);
  }
  return collector.spans();
}

/**
 * The union of `on` without the union of `except`. What a source cannot say makes the rest of the stretch a maybe:
 * an unreadable `on` wherever it is not on anyway, an unreadable `except` wherever it would be on.
 */
function readChunk(on: readonly Source[], except: readonly Timeline[], index: number): Chunk {
  const from = index * CHUNK;
  const until = from + CHUNK;
  const opened = unionOfSources(on, from, until);
  const closed = unionOfTimelines(except, index);
  const free = without(opened.spans, closed.spans);
  const certain = closed.because === undefined ? free : NO_SPANS;
  if (opened.because === undefined && closed.because === undefined) return { on: certain, maybe: NO_SPANS, possible: certain, because: undefined };
  const everywhere = Float64Array.of(from, until);
  const could = opened.because === undefined ? free : without(everywhere, closed.spans);
  const maybe = without(could, certain);
  return { on: certain, maybe, possible: join(certain, maybe, from, until), because: opened.because ?? closed.because };
}

/** A timeline over sources, less other timelines; stretches are worked out when asked for and kept. */
export function timelineOf(on: readonly Source[], except: readonly Timeline[] = []): Timeline {
  const chunks = new Map<number, Chunk>();
  let kept = 0;
  return {
    chunk: (index) => {
      const known = chunks.get(index);
      if (known !== undefined) return known;
      const chunk = readChunk(on, except, index);
      chunks.set(index, chunk);
      kept += chunk.on.length + chunk.possible.length;
      for (const [oldest, { on: spans, possible }] of chunks) {
        if (kept <= MOST_KEPT || oldest === index) break;
        chunks.delete(oldest);
        kept -= spans.length + possible.length;
      }
      return chunk;
    },
  };
}
