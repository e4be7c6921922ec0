export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

export interface Review {
  readonly id: number;
  readonly authorId: number | null;
  state: ReviewState;
  body: string;
  commitId: string | null;
  readonly submittedAt: number | null;
  editedAt: number | null;
  editorId: number | null;
}

export interface Thread {
  readonly id: number;
  readonly path: string;
  readonly line: number;
  resolved: boolean;
  resolvedById: number | null;
  readonly comments: ThreadComment[];
}

export interface ThreadComment {
  readonly id: number;
  readonly authorId: number | null;
  body: string;
  readonly createdAt: number;
  readonly commitId: string;
}

/** The pull-request half of an issue with the same number. */
export interface Pull {
  readonly id: number;
  readonly number: number;
  headRepoId: number | null;
  readonly headLabel: string;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  merged: boolean;
  mergedAt: number | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
  readonly reviews: Review[];
  readonly threads: Thread[];
  requestedReviewerIds: number[];
  requestedTeamIds: number[];
  autoMerge: { readonly byId: number; readonly method: "merge" | "squash" | "rebase" } | null;
  queue: QueueEntry | null;
  closingIssues: number[];
}

export interface QueueEntry {
  readonly id: number;
  readonly enqueuedAt: number;
  readonly enqueuerId: number;
  position: number;
  state: "QUEUED" | "AWAITING_CHECKS" | "MERGEABLE" | "UNMERGEABLE" | "LOCKED";
  headSha: string | null;
  baseSha: string | null;
}
