import { z } from "zod";
import { priorities } from "#core/ports/queue.ts";
import { defineJob, ofRepository } from "./define-job.ts";
import { personSchema } from "./person-schema.ts";

const repositorySchema = z.object({ repository: z.number() });

/** Reads a policy file again that was pushed. `by`: who pushed it, as GitHub said. */
export const policyJob = defineJob({
  kind: "policy",
  schema: z.object({ repository: z.number(), by: z.string().nullable().default(null) }),
  guard: "active",
  priority: priorities.command,
  key: ({ repository }) => `policy:${repository}`,
  share: ofRepository,
});

/** Reads the files of a repository again that policies of others extend; also when it is ours no more. */
export const sharedFilesJob = defineJob({
  kind: "shared-files",
  schema: repositorySchema,
  guard: "none",
  priority: priorities.command,
  key: ({ repository }) => `shared-files:${repository}`,
  share: ofRepository,
});

/** Looks whether what the policy names is there. */
export const namesJob = defineJob({
  kind: "names",
  schema: repositorySchema,
  guard: "active",
  priority: priorities.sweep,
  key: ({ repository }) => `names:${repository}`,
  share: ofRepository,
});

/** Compares what is known of a repository with GitHub. */
export const reconcileJob = defineJob({
  kind: "reconcile",
  schema: repositorySchema,
  guard: "active",
  priority: priorities.sweep,
  key: ({ repository }) => `reconcile:${repository}`,
  share: ofRepository,
});

/** Looks whether rulesets and branch protection require our check run. */
export const requiredCheckJob = defineJob({
  kind: "required-check",
  schema: repositorySchema,
  guard: "active",
  priority: priorities.sweep,
  key: ({ repository }) => `required-check:${repository}`,
  share: ofRepository,
});

/** Looks whether a commit came onto a branch with no pull request. */
export const watchPushJob = defineJob({
  kind: "watch-push",
  schema: z.object({
    repository: z.number(),
    branch: z.string(),
    sha: z.string(),
    by: personSchema.nullable(),
  }),
  guard: "writable",
  priority: priorities.sweep,
  key: ({ repository, sha }) => `push:${repository}:${sha}`,
  share: ofRepository,
});

/** Looks whether what runs in production would still be let through. */
export const runningJob = defineJob({
  kind: "running",
  schema: repositorySchema,
  guard: "writable",
  priority: priorities.sweep,
  key: ({ repository }) => `running:${repository}`,
  share: ofRepository,
});

/** Brings the issues of a repository's findings in line. */
export const ticketsJob = defineJob({
  kind: "tickets",
  schema: repositorySchema,
  guard: "writable",
  priority: priorities.sweep,
  key: ({ repository }) => `tickets:${repository}`,
  share: ofRepository,
});
