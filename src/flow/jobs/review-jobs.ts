import { z } from "zod";
import { priorities } from "#core/ports/queue.ts";
import { defineJob, ofRepository } from "./define-job.ts";

const owedReviewSchema = z.object({
  repository: z.number(),
  key: z.string(),
  title: z.string(),
  body: z.string(),
  assignees: z.array(z.string()),
  dueAt: z.number(),
  detail: z.record(z.string(), z.unknown()),
  /** Only if this deployment was approved in the end; null: in any case. */
  onceApproved: z.object({ deploymentId: z.number(), environment: z.string() }).nullable(),
  /** The decision that the issue links, by the id of its page; left out where there is none. */
  decision: z.string().optional(),
});

/** A review that somebody owes. */
export type OwedReview = z.infer<typeof owedReviewSchema>;

/** Opens the issue of an owed review, once. */
export const openReviewJob = defineJob({
  kind: "open-review",
  schema: owedReviewSchema,
  guard: "writable",
  priority: priorities.sweep,
  key: ({ repository, key }) => `open-review:${repository}:${key}`,
  share: ofRepository,
});

/** Looks at a review issue that somebody closed or opened. */
export const reviewIssueJob = defineJob({
  kind: "review-issue",
  schema: z.object({ repository: z.number(), issue: z.number() }),
  guard: "writable",
  priority: priorities.command,
  key: ({ repository, issue }) => `review:${repository}:${issue}`,
  share: ofRepository,
});

/** Closes the review of an override that nothing was merged with. Named by its issue. */
export const reviewUnusedJob = defineJob({
  kind: "review-unused",
  schema: z.object({
    repository: z.number(),
    key: z.string(),
    number: z.number(),
    because: z.string(),
  }),
  guard: "writable",
  priority: priorities.sweep,
  key: ({ repository }, issue) => `review-unused:${repository}:${issue}`,
  share: ofRepository,
});
