import type { Pull, Review, ReviewState } from "../world/pulls.ts";

/** Newest review of each person, of the states asked for. */
export function latestReviews(
  pull: Pull,
  states: readonly ReviewState[] = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED", "COMMENTED"],
): Review[] {
  const latest = new Map<number | null, Review>();
  for (const one of pull.reviews) if (states.includes(one.state)) latest.set(one.authorId, one);
  return [...latest.values()];
}

/** GitHub's own opinion, which knows branch protection and nothing of any policy of ours. */
export function reviewDecision(pull: Pull): string | null {
  const latest = latestReviews(pull, ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);
  if (latest.some((one) => one.state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  return latest.some((one) => one.state === "APPROVED") ? "APPROVED" : null;
}
