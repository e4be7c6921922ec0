import { type Budget, stretchSteps } from "./budget.ts";
import { dayMs } from "#core/text/duration.ts";
import { formatDay } from "./civil.ts";
import { collectSpans, noSpans, type Spans, unionOf, without } from "./spans.ts";
import type { Source } from "./source.ts";

/** The stretch of time that is worked out at once: 2^33 ms, about 99 days. */
export const chunkMs = 2 ** 33;
/** Answers are given between these instants (1900 and 2200); outside, the caller fails closed. */
export const earliestMs = Date.UTC(1900, 0, 1);
export const latestMs = Date.UTC(2200, 0, 1);
/** Numbers kept per timeline; the oldest stretch goes first. A dense cron fills this, an ordinary window never does. */
const mostKept = 500_000;

/** What is known of one stretch of time: where it is on for certain, where nobody can say, and why. */
export interface Chunk {
  readonly on: Spans;
  readonly maybe: Spans;
  /** On or maybe: where something that closes must be taken to be on. */
  readonly possible: Spans;
  readonly because: string | undefined;
  readonly cost: Cost;
}

/** What working out a stretch costs, kept or not: a question pays it each time, so its answer does not depend on those before. */
export interface Cost {
  readonly steps: number;
  /** The name of the source that costs most. */
  readonly most: { readonly name: string; readonly steps: number } | undefined;
}

export interface Timeline {
  readonly chunk: (index: number) => Chunk;
}

interface Known {
  readonly spans: Spans;
  readonly because: string | undefined;
  readonly cost: Cost;
}

const noCost: Cost = { steps: 0, most: undefined };
/** An interval that only has to be merged with the others costs a fraction of one that a calendar file makes. */
const stepsOfAdding = 0.02;

export const bothCosts = (one: Cost, other: Cost): Cost => ({
  steps: one.steps + other.steps,
  most: (one.most?.steps ?? 0) >= (other.most?.steps ?? 0) ? one.most : other.most,
});

function fillFrom(sources: readonly Source[], from: number, until: number, most: number): Known {
  const collector = collectSpans(from, until);
  const budget: Budget = { left: most };
  const add = (start: number, end: number): void => {
    budget.left -= stepsOfAdding;
    collector.add(start, end);
  };
  let because: string | undefined;
  let cost = noCost;
  for (const source of sources) {
    const before = budget.left;
    because = source.fill(from, until, add, budget) ?? because;
    const steps = before - budget.left;
    const { name } = source;
    cost = bothCosts(cost, { steps, most: name === undefined ? undefined : { name, steps } });
  }
  return { spans: collector.spans(), because, cost };
}

/** Of several timelines one stretch, as far as the steps reach; what they do not reach is unknown. */
export function chunksWithin(
  timelines: readonly Timeline[],
  index: number,
  most: number,
): { readonly chunks: readonly Chunk[]; readonly cost: Cost } {
  let cost = noCost;
  const chunks = timelines.map((timeline) => {
    const chunk = cost.steps > most ? unfollowed(index, cost) : timeline.chunk(index);
    cost = bothCosts(cost, chunk.cost);
    return chunk;
  });
  return { chunks, cost };
}

/** A stretch that is not worked out, because those before it have cost what may be spent. */
export function unfollowed(index: number, { most }: Cost): Chunk {
  const whole = wholeChunk(index);
  return {
    on: noSpans,
    maybe: whole,
    possible: whole,
    because: `${most?.name ?? "a time of the policy"} repeats too often to be followed beyond ${formatDay(Math.floor((index * chunkMs) / dayMs))}`,
    cost: noCost,
  };
}

/**
 * The union of `on` without the union of `except`. What a source cannot say makes the rest of the stretch a maybe:
 * an unreadable `on` wherever it is not on anyway, an unreadable `except` wherever it would be on.
 */
function readChunk(
  on: readonly Source[],
  except: readonly Timeline[],
  index: number,
  most: number,
): Chunk {
  const opened = fillFrom(on, index * chunkMs, (index + 1) * chunkMs, most);
  const { chunks: closing, cost } = chunksWithin(except, index, most);
  const closed = unionOf(closing.map((chunk) => chunk.on));
  const whyClosed = closing.find(({ because }) => because !== undefined)?.because;
  const free = without(opened.spans, closed);
  const could = opened.because === undefined ? free : without(wholeChunk(index), closed);
  return chunkOf(
    whyClosed === undefined ? free : noSpans,
    could,
    opened.because ?? whyClosed,
    bothCosts(opened.cost, cost),
  );
}

/** All of a stretch of time. */
export function wholeChunk(index: number): Spans {
  return Float64Array.of(index * chunkMs, (index + 1) * chunkMs);
}

/** A chunk of what is certain and what is possible; the first lies in the second. */
export function chunkOf(
  on: Spans,
  possible: Spans,
  because: string | undefined,
  cost: Cost,
): Chunk {
  return because === undefined
    ? { on, maybe: noSpans, possible: on, because, cost }
    : { on, maybe: without(possible, on), possible, because, cost };
}

/** A timeline over sources, less other timelines; a stretch of it costs about `most` steps at most. */
export function timelineOf(
  on: readonly Source[],
  except: readonly Timeline[] = [],
  most = stretchSteps,
): Timeline {
  return keptTimeline((index) => readChunk(on, except, index, most));
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
        if (kept <= mostKept || oldest === index) break;
        chunks.delete(oldest);
        kept -= on.length + possible.length;
      }
      return chunk;
    },
  };
}
