/**
 * What is left of what working something out may cost, in steps: one occurrence made, looked at or added. Steps and not
 * time, so that the same question has the same answer on every machine.
 */
export interface Budget {
  left: number;
}

/** What a question about a schedule may cost before the rest of the time ahead of it is unknown. */
export const questionSteps = 60_000;
/** What one stretch of a timeline may cost: the last one that a question begins is finished. */
export const stretchSteps = 40_000;
/** A name for a day is a courtesy: it costs little or is not given. */
export const labelSteps = 10_000;
