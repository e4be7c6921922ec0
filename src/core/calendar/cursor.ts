import type { Question } from "./question.ts";
import { spanAt } from "./spans.ts";
import { chunkMs, type Chunk } from "./timeline.ts";

/** Which spans of a timeline a question is about. */
export type Layer = "on" | "maybe" | "possible";

/** A reader of one layer of a timeline up to a limit. It remembers where it stands: moving forward costs next to nothing. */
export interface Cursor {
  /** The first instant from `at` on that is in a run; the limit when there is none before it. */
  readonly nextOn: (at: number) => number;
  /** The end of the run that holds `at`, no farther than the limit; `at` itself when it is in none. */
  readonly endOfRun: (at: number) => number;
}

export function cursorOf(timeline: Question, layer: Layer, limit: number): Cursor {
  // Known: off in [gapStart, runStart), on in [runStart, runEnd).
  let gapStart = 0;
  let runStart = 0;
  let runEnd = 0;
  let index = Number.NaN;
  let chunk: Chunk["on"] = new Float64Array(0);
  let position = 0;

  function enter(wanted: number): void {
    index = wanted;
    chunk = timeline.chunk(index)[layer];
  }

  function locate(at: number): void {
    if (Math.floor(at / chunkMs) !== index) {
      enter(Math.floor(at / chunkMs));
      position = spanAt(chunk, at);
    } else if (at < gapStart || position + 2 >= chunk.length || (chunk[position + 3] ?? 0) <= at) {
      position = spanAt(chunk, at);
    } else if ((chunk[position + 1] ?? 0) <= at) {
      position += 2;
    }
    gapStart = at;
    while (position >= chunk.length) {
      const next = (index + 1) * chunkMs;
      if (next >= limit) {
        runStart = limit;
        runEnd = Number.POSITIVE_INFINITY;
        return;
      }
      enter(index + 1);
      position = 0;
    }
    runStart = chunk[position] ?? 0;
    runEnd = chunk[position + 1] ?? 0;
    // Runs are cut where chunks meet; they go on where the next one begins at the cut.
    while (runEnd === (index + 1) * chunkMs && runEnd < limit) {
      enter(index + 1);
      position = 0;
      if (chunk[0] !== runEnd) return;
      runEnd = chunk[1] ?? 0;
    }
  }

  return {
    nextOn: (at) => {
      if (at < gapStart || at >= runEnd) locate(at);
      return at >= runStart ? Math.min(at, limit) : Math.min(runStart, limit);
    },
    endOfRun: (at) => {
      if (at < gapStart || at >= runEnd) locate(at);
      return at < runStart ? at : Math.min(runEnd, limit);
    },
  };
}
