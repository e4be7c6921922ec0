import { ifReadable } from "#core/facts/if-readable.ts";
import { account, roleOf, teamMembers } from "#core/facts/people.ts";
import { changedFiles, commits, pullRequest, pushers } from "#core/facts/pull-request.ts";
import {
  codeOwner,
  codeOwnersFile,
  refusedOwners,
  reviewThreads,
  reviews as reviewsFact,
  sameDiff,
} from "#core/facts/reviews.ts";
import type { Event } from "#core/model/event.ts";
import type { ListedFactRef } from "#core/model/fact.ts";
import { editsNoneOf } from "../kit/edited-fields.ts";
import { asksForApprovals, type ReviewsParams } from "./params.ts";

/** Facts that these parameters may cost, and so the events they are woken by. */
export function usedByReviews(params: ReviewsParams): readonly ListedFactRef[] {
  const asks = asksForApprovals(params);
  const named = namedTeams(params).length > 0 || params.code_owners;
  return [
    pullRequest,
    reviewsFact,
    ...(asks && !params.allow_contributors ? [commits, pushers] : []),
    ...(asks && params.stale === "keep_if_same_diff" ? [sameDiff] : []),
    // Listened to by everybody: with the role goes the right to approve, also where it comes free with the review.
    roleOf,
    ...(named ? [teamMembers] : []),
    account,
    ...(params.resolved_threads ? [reviewThreads] : []),
    ...(params.code_owners ? [changedFiles, codeOwnersFile, codeOwner, refusedOwners] : []),
    ...(named ? [ifReadable] : []),
  ];
}

/**
 * Anybody who joins a team, any team, may count from then on, and the changes that they requested block: a team gives its
 * rights in repositories, and belongs to the teams above it, of which the event names but the next.
 */
export const isAffectedBy = (event: Event): boolean => !editsNoneOf(event, ["base"]);

const namedTeams = (params: ReviewsParams): readonly string[] => [
  ...(params.teams ?? []),
  ...(params.each ?? []).flatMap((entry) => entry.teams ?? []),
];
