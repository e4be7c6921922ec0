import type { Act, CommentOrder } from "./act.ts";

/** GitHub's instants of comments are whole seconds. */
const second = (said: CommentOrder): number => Math.floor(said.at / 1_000);

/** Whether one came after the other by GitHub's order. Within a second only the numbers of comments tell. */
function isAfter(one: CommentOrder, other: CommentOrder): boolean {
  if (second(one) !== second(other)) return second(one) > second(other);
  return one.comment !== null && other.comment !== null && one.comment > other.comment;
}

/**
 * Acts in the order in which people wrote them, however late their deliveries were. `heard`: in the order in which
 * they were carried out, which is kept where GitHub gives none (commands of one comment follow each other, a button
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

/** Merges lists of acts from the store; each act once. */
export const mergedInOrder = (...lists: readonly (readonly Act[])[]): readonly Act[] =>
  inCommentOrder(
    [...new Map(lists.flat().map((act) => [act.id, act])).values()].sort((a, b) => a.at - b.at),
  );
