import { z } from "zod";
import { deploymentStates } from "#core/model/deployment.ts";

// Hostile input: the body is signed, yet its headers are not, and shapes vary between GitHub versions.
// Every part is read on its own, so that a missing or odd part costs that part only.

const id = z.number().int().nonnegative();
export const sha = z.string().regex(/^[0-9a-f]{40,64}$/i);

export const account = z.object({ id, login: z.string(), type: z.string().optional() });

export const repositoryPart = z.object({
  id,
  name: z.string(),
  private: z.boolean().optional(),
  archived: z.boolean().optional(),
  default_branch: z.string().optional(),
  // Some senders leave the owner's id out; 0 then, and what is remembered of the repository is kept.
  owner: z.object({ id: id.optional(), login: z.string(), type: z.string().optional() }),
});

export const pullRequestPart = z.object({
  number: id,
  state: z.enum(["open", "closed"]),
  draft: z.boolean().nullish(),
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
  head: z.object({ sha, ref: z.string() }),
  base: z.object({ ref: z.string() }),
});

/** null: in no stack. Absent from payloads of some events, and of servers that know no stacks. */
export const stackPart = z.object({ base: z.object({ ref: z.string() }) }).nullable();

export const checkRunPart = z.object({
  id: id.nullish(),
  name: z.string(),
  head_sha: sha,
  conclusion: z.string().nullish(),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  external_id: z.string().nullish(),
  app: z.object({ id }).nullish(),
  pull_requests: z.array(z.object({ number: id })).nullish(),
});

export const checkSuitePart = z.object({
  head_sha: sha,
  app: z.object({ id }).nullish(),
  pull_requests: z.array(z.object({ number: id })).nullish(),
});

export const workflowRunPart = z.object({
  id,
  name: z.string().nullish(),
  head_sha: sha,
  pull_requests: z.array(z.object({ number: id })).nullish(),
});

export const commentPart = z.object({
  id,
  body: z.string().nullish(),
  created_at: z.string(),
  author_association: z.string().optional(),
  user: account.nullish(),
  performed_via_github_app: z.object({ id }).nullish(),
});

export const reviewPart = z.object({
  id,
  body: z.string().nullish(),
  submitted_at: z.string(),
  commit_id: sha.nullish(),
  author_association: z.string().optional(),
  user: account.nullish(),
  // Not in GitHub's description of a review; where it is told, it counts as it does in a comment.
  performed_via_github_app: z.object({ id }).nullish(),
});
export const pullRequestAuthor = z.object({ number: id, user: account.nullish() });

// Recorded questions of a protection rule carry no more of the deployment than its id and environment.
export const deploymentPart = z.object({
  id,
  environment: z.string(),
  sha: sha.optional(),
  ref: z.string().optional(),
  creator: account.nullish(),
  created_at: z.string().optional(),
});

export const deploymentStatusPart = z.object({
  state: z.enum(deploymentStates),
  created_at: z.string().optional(),
  creator: account.nullish(),
  performed_via_github_app: z.object({ slug: z.string().nullish() }).nullish(),
});

// Schemas are made once: making one costs a hundred times what reading a part with it does.
const runNumber = z.number().int().positive();
export const workflowRunNumber = z.object({ id: runNumber });
export const workflowJobNumber = z.object({ run_id: runNumber });
export const requestedActionPart = z.object({ identifier: z.string() });
export const statusPart = z.object({ sha, context: z.string() });
export const pushPart = z.object({
  ref: z.string(),
  before: z.string().optional(),
  after: z.string(),
  created: z.boolean().optional(),
  deleted: z.boolean().optional(),
  forced: z.boolean().optional(),
});
export const mergeGroupPart = z.object({
  head_sha: sha,
  head_ref: z.string(),
  base_ref: z.string(),
});
export const issuePart = z.object({
  number: id,
  state: z.string().optional(),
  pull_request: z.object({}).nullish(),
  user: account.nullish(),
});
export const teamPart = z.object({ slug: z.string() });
export const organizationPart = z.object({ login: z.string() });
export const installationPart = z.object({ id });
export const labelPart = z.object({ name: z.string() });
export const someText = z.string();
