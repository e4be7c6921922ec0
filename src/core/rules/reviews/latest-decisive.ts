import type { ReviewFact } from "#core/facts/reviews.ts";
import type { Person } from "#core/model/actor.ts";

/** A review by somebody who still has an account. */
export interface Stance extends ReviewFact {
  readonly by: Person;
}

/**
 * The latest decisive review of each person, by numeric id: a comment takes nothing back, a dismissal does.
 * Ordered by GitHub's own clock, never by git's dates (threat T7).
 */
export function latestDecisive(reviews: readonly ReviewFact[]): readonly Stance[] {
  const latest = new Map<number, Stance>();
  const inOrder = [...reviews].sort((a, b) => a.submittedAt - b.submittedAt);
  for (const review of inOrder) {
    if (isByAPerson(review) && isDecisive(review)) latest.set(review.by.id, review);
  }
  // The same order whatever GitHub lists first: the text of a check run must not flicker.
  return [...latest.values()].sort((a, b) => a.submittedAt - b.submittedAt || a.by.id - b.by.id);
}

/** How many reviews in the given state are by deleted accounts. */
export function ghosts(reviews: readonly ReviewFact[], state: ReviewFact["state"]): number {
  return reviews.filter((review) => review.by === null && review.state === state).length;
}

const isByAPerson = (review: ReviewFact): review is Stance => review.by !== null;

const isDecisive = ({ state }: ReviewFact): boolean =>
  state === "approved" || state === "changes_requested" || state === "dismissed";
