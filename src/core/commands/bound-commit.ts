import type { Call } from "./command.ts";

/** The commit that a word about this pull request binds to now; null: the head moved after it was said (threat T6). */
export function boundCommit({ context: place }: Pick<Call, "context">): string | null {
  return place.state === "merged" ? (place.mergeSha ?? place.headSha) : place.seenSha;
}

/** Commits for which overrides of this pull request count: the head, and what it became. */
export function countingCommits({ context: place }: Pick<Call, "context">): readonly string[] {
  return place.mergeSha === null ? [place.headSha] : [place.headSha, place.mergeSha];
}

export const headMoved =
  "The head of the pull request moved after this was said, so it counts for nothing. Look at the new head, and say it again.";
