/** What to do about a change from a fork, whose reports never count; undefined where none was left out for that. */
export function nextOfFork(ignored: readonly string[]): string | undefined {
  return ignored.some((line) => /\bof the fork\b|\bof a fork\b/u.test(line))
    ? "A fork's artifacts never count: somebody with write access pushes the change to a branch of this repository, where its workflows report."
    : undefined;
}
