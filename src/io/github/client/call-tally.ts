import { AsyncLocalStorage } from "node:async_hooks";

/** Counts the calls that a piece of work causes, however deep below it they are made; what others make at the same time is theirs. */
const tally = new AsyncLocalStorage<{ calls: number }>();

export const noteCall = (): void => {
  const count = tally.getStore();
  if (count !== undefined) count.calls += 1;
};

export async function countingCalls<T>(
  work: () => Promise<T>,
): Promise<{ readonly answer: T; readonly calls: number }> {
  const count = { calls: 0 };
  const answer = await tally.run(count, work);
  return { answer, calls: count.calls };
}
