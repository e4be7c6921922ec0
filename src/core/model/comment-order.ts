import type { Act, CommentOrder } from "./act.ts";

/** GitHub tells when something was said in whole seconds. */
const second = (said: CommentOrder): number => Math.floor(said.at / 1_000);

/** Whether GitHub says that one word came after another. Within a second only its numbers of comments say anything. */
function isAfter(one: CommentOrder, other: CommentOrder): boolean {
  if (second(one) !== second(other)) return second(one) > second(other);
  return one.comment !== null && other.comment !== null && one.comment > other.comment;
}

/**
 * Acts in the order in which they were said: GitHub's, whatever came late or out of turn. `heard`: in the order in which
 * they were carried out, which holds where GitHub tells none (words of one comment come one after the other, a button
 * has no number).
 */
export function inCommentOrder(heard: readonly Act[]): readonly Act[] {
  const ordered: Act[] = [];
  let latest: CommentOrder | null = null;
  for (const act of heard) {
    const said = act.said ?? null;
    const before: CommentOrder | null = latest;
    const place =
      said === null || before === null || !isAfter(before, said)
        ? -1
        : ordered.findIndex(
            (other) => other.said !== null && other.said !== undefined && isAfter(other.said, said),
          );
    if (place < 0) ordered.push(act);
    else ordered.splice(place, 0, act);
    if (said !== null && (before === null || isAfter(said, before))) latest = said;
  }
  return ordered;
}

/** Acts of several questions to the store, each once. */
export const mergedInOrder = (...lists: readonly (readonly Act[])[]): readonly Act[] =>
  inCommentOrder(
    [...new Map(lists.flat().map((act) => [act.id, act])).values()].sort((a, b) => a.at - b.at),
  );
