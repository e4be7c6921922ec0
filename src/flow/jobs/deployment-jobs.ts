import { z } from "zod";
import { priorities, type WorkItem } from "#core/ports/queue.ts";
import { defineJob, ofRepository } from "./define-job.ts";

/**
 * Finds the deployments of a run that wait: for a protection-rule request whose payload names no deployment or no run, or
 * where the request was lost. `runId` null: the run is looked for, too.
 */
export const findWaitingJob = defineJob({
  kind: "find-waiting",
  schema: z.object({
    repository: z.number(),
    runId: z.number().nullable(),
    environment: z.string().nullable(),
  }),
  guard: "writable",
  priority: priorities.deployment,
  key: ({ repository, runId, environment }) =>
    `find-waiting:${repository}:${runId ?? environment ?? ""}`,
  share: ofRepository,
});

/** Looks whether a deployment that runs came through the gate. */
export const watchDeploymentJob = defineJob({
  kind: "watch-deployment",
  schema: z.object({
    repository: z.number(),
    deploymentId: z.number(),
    environment: z.string(),
  }),
  guard: "active",
  priority: priorities.sweep,
  key: ({ repository, deploymentId, environment }) =>
    `watch:${repository}:${deploymentId}:${environment}`,
  share: ofRepository,
});

/** Says on the pull request that carries the conversation what a deployment waits for; `says` null: nothing any more. */
export const deploymentCommentJob = defineJob({
  kind: "deployment-words",
  schema: z.object({
    repository: z.number(),
    environment: z.string(),
    sha: z.string(),
    says: z.string().nullable(),
    range: z.array(z.number()),
  }),
  guard: "writable",
  priority: priorities.command,
  key: ({ repository, sha, environment }) => `deployment-words:${repository}:${sha}:${environment}`,
  share: ofRepository,
});

/** Tells anew where a commit stands in its rings. */
export const rolloutJob = defineJob({
  kind: "rollout",
  schema: z.object({ repository: z.number(), sha: z.string() }),
  guard: "writable",
  priority: priorities.command,
  key: ({ repository, sha }) => `rollout:${repository}:${sha}`,
  share: ofRepository,
});

/** A deployment's answer, its statuses and what people say of it come within moments: they are told together. */
const rolloutSettlesMs = 3_000;

export const rolloutItem = (repository: number, sha: string, now: number): WorkItem => ({
  ...rolloutJob.item({ repository, sha }, now + rolloutSettlesMs),
  settleMs: rolloutSettlesMs,
  settleAtMost: 30_000,
});

/** Tells somebody who approved a deployment whether the approval counted. Named by the act. */
export const tallyJob = defineJob({
  kind: "tally",
  schema: z.object({
    repository: z.number(),
    number: z.number().nullable(),
    comment: z.number().nullable(),
    counts: z.boolean(),
    says: z.string().nullable(),
    /** Whose answer it is, by id; left out by jobs of earlier versions. */
    actor: z.number().optional(),
  }),
  guard: "writable",
  priority: priorities.command,
  key: (_payload, act) => `tally:${act}`,
  share: ofRepository,
});
