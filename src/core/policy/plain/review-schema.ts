import { z } from "zod";
import { checkConclusions } from "../../facts/checks.ts";
import { reviewStates } from "../../facts/reviews.ts";
import { roles } from "../../model/actor.ts";
import { instantText, loginText, longText, shaText, shortText } from "./words.ts";

export const reviewWords = z.strictObject({
  by: loginText.nullable(),
  state: z.enum(reviewStates),
  commit: shaText.nullable().optional(),
  at: instantText.optional(),
  /** Editing a review's text changes neither its state nor its commit. */
  edited: z.boolean().optional(),
});

export const commentWords = z.strictObject({
  by: loginText,
  body: longText,
  at: instantText.optional(),
  edited: z.boolean().optional(),
});

export const checkWords = z.strictObject({
  name: shortText,
  app: z.union([shortText, z.int().positive()]).nullable().optional(),
  kind: z.enum(["check_run", "status"]).optional(),
  status: z.enum(["queued", "in_progress", "completed", "waiting", "requested", "pending"]).optional(),
  conclusion: z.enum(checkConclusions).nullable().optional(),
  workflow: shortText.optional(),
  /** Whether a real Actions job stands behind it; true by default. */
  job: z.boolean().optional(),
  at: instantText.optional(),
  url: shortText.optional(),
});

export const personWords = z
  .strictObject({
    role: z.enum(roles).optional(),
    teams: z.array(shortText).optional(),
    bot: z.boolean().optional(),
  })
  .nullable();
