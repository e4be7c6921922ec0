import type { PushSeen } from "#core/model/push.ts";

/**
 * When the branch of a pull request was first pushed, by the pushes that were heard: back from its head, push by push, to
 * the one that made it. null: the beginning was not heard.
 */
export function firstPushAt(pushes: readonly PushSeen[], head: string): number | null {
  const seen = new Set<string>();
  for (let sha: string | null = head; sha !== null && !seen.has(sha);) {
    seen.add(sha);
    const brought: readonly PushSeen[] = pushes.filter(({ after }) => after === sha);
    const made = brought.find(({ kind }) => kind === "creation");
    if (made !== undefined) return made.at;
    sha = brought.find(({ before }) => before !== null)?.before ?? null;
  }
  return null;
}
