/**
 * The part that a report's name stands for: numbers and ids in it (an attempt, a run, a commit, a shard) tell one upload
 * from another, and not what was tested.
 */
export const partOf = (name: string): string =>
  name.toLowerCase().replace(/[0-9a-f]{7,}|\d+/gu, "#");

/** Whether of some part fewer reports are here than there were. */
export function isFewer(present: readonly string[], before: readonly string[]): boolean {
  const numberOf = (names: readonly string[], part: string): number =>
    new Set(names.filter((name) => partOf(name) === part)).size;
  return before.some((name) => numberOf(present, partOf(name)) < numberOf(before, partOf(name)));
}
