/**
 * When a subject is to be judged again without an event (epoch ms); null: not by itself.
 *
 * `changesAt` lies after the instant that was judged at, and may have passed while facts were read and the answer was
 * sent. It counts all the same: the subject is judged again at once, instead of keeping an answer that is over until the
 * next look. Of the other instants only those that are still to come count, for they come again.
 */
export function nextWake(
  changesAt: number | null,
  now: number,
  others: readonly number[],
): number | null {
  const wakes = [...others.filter((at) => at > now), ...(changesAt === null ? [] : [changesAt])];
  return wakes.length === 0 ? null : Math.min(...wakes);
}
