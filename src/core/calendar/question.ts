import { type Cost, type Chunk, bothCosts, type Timeline, unfollowed } from "./timeline.ts";

/** A timeline while one question is asked about it: what the question may not pay for is unknown. */
export interface Question extends Timeline {
  readonly steps: number;
}

/**
 * A timeline for one question of at most `steps`. The stretch that exceeds them is still worked out, those after it are
 * not; which they are depends on the question alone, because a stretch costs the same when it has been kept.
 */
export function questionTo(timeline: Timeline, steps: number): Question {
  const seen = new Map<number, Chunk>();
  let spent: Cost = { steps: 0, most: undefined };
  return {
    steps,
    chunk: (index) => {
      const known = seen.get(index);
      if (known !== undefined) return known;
      const chunk = spent.steps > steps ? unfollowed(index, spent) : timeline.chunk(index);
      spent = bothCosts(spent, chunk.cost);
      seen.set(index, chunk);
      return chunk;
    },
  };
}
