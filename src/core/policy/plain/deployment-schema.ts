import { z } from "zod";
import { instantText, loginText, shaText, shortText } from "./words.ts";

export const deploymentWords = z.strictObject({
  id: z.int().min(1).optional(),
  environment: shortText,
  sha: shaText.optional(),
  ref: shortText.optional(),
  actor: loginText.nullable().optional(),
  triggered_by: loginText.nullable().optional(),
  at: instantText.optional(),
  /** The code comes from another repository. */
  fork: z.boolean().optional(),
  /** Where the deployed tag stands by now. */
  moved_to: shaText.optional(),
});

/** One deployment of the past; `state` as GitHub's deployment statuses say. */
export const pastDeploymentWords = z.strictObject({
  environment: shortText,
  sha: shaText,
  state: z.enum(["success", "failure", "error", "inactive", "in_progress", "queued", "pending", "waiting"]),
  at: instantText.optional(),
});

export const approvalWords = z.union([
  loginText.transform((by) => ({ by, environment: undefined, sha: undefined, at: undefined })),
  z.strictObject({ by: loginText, environment: shortText.optional(), sha: shaText.optional(), at: instantText.optional() }),
]);

/** A freeze made by a person, with /freeze. */
export const freezeWords = z.strictObject({
  name: shortText.optional(),
  environment: shortText.optional(),
  from: instantText.optional(),
  until: instantText.optional(),
  reason: shortText.optional(),
  by: loginText.optional(),
});

export const overrideWords = z.strictObject({
  name: shortText,
  by: loginText,
  reason: shortText.optional(),
  ticket: shortText.optional(),
  confirmed_by: z.array(loginText).optional(),
  sha: shaText.optional(),
  at: instantText.optional(),
});

export const holdWords = z.strictObject({ by: loginText, reason: shortText.optional(), at: instantText.optional() });
