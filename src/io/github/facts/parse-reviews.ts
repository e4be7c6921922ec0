import { z } from "zod";
import { type ReviewFact, type ReviewState, reviewStates } from "#core/facts/reviews.ts";
import { instant } from "./instant.ts";
import { fromGraphqlActor, fromRestUser, graphqlActor, restUser } from "./person.ts";

const state = z.string().transform((text, context): ReviewState => {
  const known = reviewStates.find((one) => one === text.toLowerCase());
  if (known !== undefined) return known;
  context.addIssue({ code: "custom", message: "not a review state" });
  return z.NEVER;
});

/** A review as REST (capitals) and webhooks (small letters) show it. A pending one was never submitted: instant 0. */
export const restReview = z.object({
  user: restUser,
  state,
  submitted_at: instant.nullish(),
  commit_id: z.string().nullish(),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

/** REST does not say what the reviewer may do: `canPush` is read from their role afterwards. */
export function fromRestReview(review: z.infer<typeof restReview>, canPush: boolean): ReviewFact {
  // An App that approves in a person's name is nobody's word; what it objects to stands all the same.
  const isByApp = (review.performed_via_github_app ?? null) !== null;
  return {
    by: isByApp && review.state === "approved" ? null : fromRestUser(review.user),
    state: review.state,
    commitSha: review.commit_id ?? null,
    submittedAt: review.submitted_at ?? 0,
    canPush,
  };
}

export const graphqlReview = z.object({
  author: graphqlActor,
  authorCanPushToRepository: z.boolean(),
  state,
  submittedAt: instant.nullish(),
  commit: z.object({ oid: z.string() }).nullish(),
});

export function fromGraphqlReview(review: z.infer<typeof graphqlReview>): ReviewFact {
  const by = fromGraphqlActor(review.author);
  return {
    by,
    state: review.state,
    commitSha: review.commit?.oid ?? null,
    submittedAt: review.submittedAt ?? 0,
    canPush: by !== null && review.authorCanPushToRepository,
  };
}
