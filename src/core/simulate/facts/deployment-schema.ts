import { z } from "zod";
import { deploymentStates } from "#core/model/deployment.ts";
import {
  figure,
  flag,
  instantText,
  listOf,
  loginText,
  longText,
  optional,
  shaText,
  shortText,
  wordOf,
} from "./input-types.ts";

export const deploymentWords = z.strictObject({
  id: optional(figure(z.int().min(1))),
  environment: optional(shortText),
  sha: optional(shaText),
  ref: optional(shortText),
  actor: loginText.nullable().optional(),
  triggered_by: loginText.nullable().optional(),
  scheduled: optional(flag),
  at: optional(instantText),
  /** The code comes from another repository. */
  fork: optional(flag),
  /** The text of the workflow that asks. */
  workflow: optional(longText),
  /** Where the deployed tag stands by now. */
  moved_to: optional(shaText),
});

/** One deployment of the past; `state` as GitHub's deployment statuses say. */
export const pastDeploymentWords = z.strictObject({
  environment: optional(shortText),
  sha: optional(shaText),
  state: optional(
    wordOf(deploymentStates, {
      succeeded: "success",
      successful: "success",
      failed: "failure",
      running: "in_progress",
    }),
  ),
  /** Its commit, beside the one that is judged: an earlier one, unless the facts say otherwise. */
  order: optional(wordOf(["older", "newer", "diverged"] as const)),
  at: optional(instantText),
});

export const approvalWords = z.union([
  loginText.transform((by) => ({ by, environment: undefined, sha: undefined, at: undefined })),
  z.strictObject({
    by: loginText,
    environment: optional(shortText),
    sha: optional(shaText),
    at: optional(instantText),
  }),
]);

/** A freeze made by a person, with /freeze: of one environment, or of every one. */
export const freezeWords = z.union([
  shortText.transform((environment) => ({
    environment,
    name: environment,
    from: undefined,
    until: undefined,
    reason: undefined,
    by: undefined,
  })),
  z.strictObject({
    name: optional(shortText),
    environment: optional(shortText),
    from: optional(instantText),
    until: optional(instantText),
    reason: optional(shortText),
    by: optional(loginText),
  }),
]);

/** One commit that goes out, and how it came in: by which pull request, and what the gate said of that. */
export const changeWords = z.strictObject({
  sha: optional(shaText),
  subject: optional(shortText),
  author: loginText.nullable().optional(),
  pull_request: optional(figure(z.int().min(1))),
  gate: optional(
    wordOf(["allow", "deny", "wait", "none"] as const, {
      allowed: "allow",
      denied: "deny",
      waiting: "wait",
      never: "none",
    }),
  ),
  /** The override that let it through. */
  override: optional(shortText),
});

export const overrideWords = z.strictObject({
  name: shortText,
  by: optional(loginText),
  reason: optional(shortText),
  ticket: optional(shortText),
  confirmed_by: optional(listOf(loginText)),
  confirmations: optional(listOf(loginText)),
  sha: optional(shaText),
  at: optional(instantText),
});

export const holdWords = z.strictObject({
  by: loginText,
  reason: optional(shortText),
  at: optional(instantText),
});
