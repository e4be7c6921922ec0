import { collectSpans, NO_SPANS, type Spans, unionOf, without } from "./spans.ts";
import type { Source } from "./source.ts";

/** The stretch of time that is worked out at once: 2^33 ms, about 99 days. */
export const CHUNK = 2 ** 33;
/** Answers are given between these instants (1900 and 2200); outside, whoever asks fails closed. */
export const EARLIEST = Date.UTC(1900, 0, 1);
export const LATEST = Date.UTC(2200, 0, 1);
/** Numbers kept per timeline; the oldest stretch goes first. A dense cron fills this, an ordinary window never does. */
const MOST_KEPT = 500_000;

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

function fillFrom(sources: readonly Source[], from: number, until: number): Known {
  const collector = collectSpans(from, until);
  let because: string | undefined;
  for (const source of sources) because = source.fill(from, until, collector.add) ?? because;
  return { spans: collector.spans(), because };
}

/**
 * The union of `on` without the union of `except`. What a source cannot say makes the rest of the stretch a maybe:
 * an unreadable `on` wherever it is not on anyway, an unreadable `except` wherever it would be on.
 */
function readChunk(on: readonly Source[], except: readonly Timeline[], index: number): Chunk {
  const opened = fillFrom(on, index * CHUNK, (index + 1) * CHUNK);
  const closing = except.map((timeline) => timeline.chunk(index));
  const closed = unionOf(closing.map((chunk) => chunk.on));
  const whyClosed = closing.find(({ because }) => because !== undefined)?.because;
  const free = without(opened.spans, closed);
  const could = opened.because === undefined ? free : without(wholeChunk(index), closed);
  return chunkOf(whyClosed === undefined ? free : NO_SPANS, could, opened.because ?? whyClosed);
}

/** All of a stretch of time. */
export function wholeChunk(index: number): Spans {
  return Float64Array.of(index * CHUNK, (index + 1) * CHUNK);
}

/** A chunk of what is certain and what is possible; the first lies in the second. */
export function chunkOf(on: Spans, possible: Spans, because: string | undefined): Chunk {
  return because === undefined
    ? { on, maybe: NO_SPANS, possible: on, because }
    : { on, maybe: without(possible, on), possible, because };
}

/** A timeline over sources, less other timelines. */
export function timelineOf(on: readonly Source[], except: readonly Timeline[] = []): Timeline {
  return keptTimeline((index) => readChunk(on, except, index));
}

/** A timeline whose stretches are worked out when asked for and kept. */
export function keptTimeline(read: (index: number) => Chunk): Timeline {
  const chunks = new Map<number, Chunk>();
  let kept = 0;
  return {
    chunk: (index) => {
      const known = chunks.get(index);
      if (known !== undefined) return known;
      const chunk = read(index);
      chunks.set(index, chunk);
      kept += chunk.on.length + chunk.possible.length;
      for (const [oldest, { on, possible }] of chunks) {
        if (kept <= MOST_KEPT || oldest === index) break;
        chunks.delete(oldest);
        kept -= on.length + possible.length;
      }
      return chunk;
    },
  };
}
