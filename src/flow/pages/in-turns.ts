import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Called between steps of a long reading, lets requests in after so many of them: the embedded database answers at once,
 * so that nothing else would run until the end, deliveries among it.
 */
export function inTurns(every: number): () => Promise<void> {
  let steps = 0;
  return async () => {
    steps += 1;
    if (steps % every === 0) await nextTurn();
  };
}
