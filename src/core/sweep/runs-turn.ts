/** Whether a place of a list that is asked in calls of `perCall` has its turn, where `most` of each call have one. */
export function hasTurn(
  index: number,
  length: number,
  turn: number,
  { perCall, most }: { readonly perCall: number; readonly most: number },
): boolean {
  const start = Math.floor(index / perCall) * perCall;
  const size = Math.min(perCall, length - start);
  return (((index - start - turn * most) % size) + size) % size < most;
}
