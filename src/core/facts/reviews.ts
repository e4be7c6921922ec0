import type { Person } from "#core/model/actor.ts";
import { defineFact } from "#core/model/fact.ts";
import { accessChanges, teamMembers } from "./people.ts";

export const reviewStates = [
  "approved",
  "changes_requested",
  "commented",
  "dismissed",
  "pending",
] as const;
export type ReviewState = (typeof reviewStates)[number];

/** One review, in GitHub's chronological order. */
export interface ReviewFact {
  /** null: the account is gone. */
  readonly by: Person | null;
  readonly state: ReviewState;
  /** null: the commit was garbage-collected after a force-push. */
  readonly commitSha: string | null;
  /** Epoch ms. */
  readonly submittedAt: number;
  /** Whether the reviewer may push to the repository now (role write or stronger). */
  readonly canPush: boolean;
}

export const reviews = defineFact<void, readonly ReviewFact[]>({
  name: "reviews",
  summary: "Every review, oldest first.",
  changedBy: [
    "pull_request_review.submitted",
    "pull_request_review.dismissed",
    "pull_request_review.edited",
    "pull_request.opened",
    "pull_request.reopened",
    "pull_request.synchronize",
    "pull_request.edited",
    // Each review says whether its author may push now.
    ...accessChanges,
  ],
  permissions: ["pull_requests"],
  cost: "overview",
  describe: () => "the reviews",
});

export interface ThreadsFact {
  readonly unresolved: number;
  readonly total: number;
}

export const reviewThreads = defineFact<void, ThreadsFact>({
  name: "review_threads",
  summary: "Review threads and how many are unresolved.",
  changedBy: [
    "pull_request_review_thread.resolved",
    "pull_request_review_thread.unresolved",
    "pull_request_review.submitted",
    "pull_request_review_comment.created",
    "pull_request_review_comment.deleted",
  ],
  permissions: ["pull_requests"],
  cost: "overview",
  describe: () => "the review threads",
});

/**
 * Whether the diff of a reviewed commit against the merge base is the diff of the head, line numbers aside:
 * a pure rebase or a clean merge of the base keeps it, an edit hidden in a merge does not.
 * `changedPaths` names files whose diff differs (empty when same).
 */
export interface SameDiffFact {
  readonly same: boolean;
  readonly changedPaths: readonly string[];
}

export const sameDiff = defineFact<string, SameDiffFact>({
  name: "same_diff",
  summary: "Whether a reviewed commit's diff equals the head's.",
  changedBy: ["pull_request.synchronize", "pull_request.edited"],
  permissions: ["contents"],
  cost: 3,
  describe: (sha) => `the diff of the reviewed commit ${sha.slice(0, 7)}`,
});

/** CODEOWNERS of the base branch: the first of .github/, the root, docs/ that exists; null where there is none. */
export interface CodeOwnersFact {
  readonly path: string;
  readonly text: string;
}

export const codeOwnersFile = defineFact<void, CodeOwnersFact | null>({
  name: "codeowners",
  summary: "The CODEOWNERS file of the base branch.",
  changedBy: ["push", "pull_request.edited", "pull_request.stacked"],
  permissions: ["contents"],
  cost: "shared",
  describe: () => "the CODEOWNERS file",
});

/**
 * Who stands behind an owner as CODEOWNERS writes it (`@login`, `@org/team`): a team's members, or one account, or null.
 * Of a name that is somebody else's by now than when it was first looked at under the same CODEOWNERS nothing is told.
 */
export const codeOwner = defineFact<string, readonly Person[] | null>({
  name: "code_owner",
  summary: "Who stands behind an owner that CODEOWNERS names.",
  changedBy: [...teamMembers.changedBy, "push", "pull_request.edited", "pull_request.stacked"],
  permissions: ["contents", "members", "metadata"],
  cost: 3,
  describe: (owner) => `who is behind ${owner} in CODEOWNERS`,
});

/**
 * Owners in CODEOWNERS of the base branch that GitHub does not take as such, as they are written there: they are not
 * there, are not to be seen, or have no write access.
 */
export const refusedOwners = defineFact<void, readonly string[]>({
  name: "refused_owners",
  summary:
    "Owners in CODEOWNERS that GitHub does not take, for want of write access or of an account.",
  changedBy: ["push", "pull_request.edited", "pull_request.stacked", ...accessChanges],
  permissions: ["contents"],
  cost: 3,
  describe: () => "the owners in CODEOWNERS that GitHub does not take",
});
