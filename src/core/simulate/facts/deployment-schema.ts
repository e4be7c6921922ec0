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
  id: optional(figure(z.int().min(1))).meta({
    description: "GitHub's number of the deployment.",
    examples: [1],
  }),
  environment: optional(shortText).meta({
    description: "The environment that is deployed to.",
    examples: ["production"],
  }),
  sha: optional(shaText).describe("The commit that is deployed."),
  ref: optional(shortText).meta({
    description: "The branch or tag that is deployed.",
    examples: ["main", "v1.2.0"],
  }),
  actor: loginText
    .nullable()
    .optional()
    .describe("Login of who asked for it; null: the account is gone."),
  triggered_by: loginText
    .nullable()
    .optional()
    .describe("Login of who ran it again, where that is somebody else."),
  scheduled: optional(flag).describe("Whether a schedule asked for it."),
  at: optional(instantText).describe("When it was asked for."),
  fork: optional(flag).describe("Whether the code comes from another repository."),
  workflow: optional(longText).meta({
    description: "The text of the workflow that asks.",
    examples: ["on: push\njobs: {}\n"],
  }),
  moved_to: optional(shaText).describe("Where the deployed tag stands by now."),
});

/** One deployment of the past; `state` as GitHub's deployment statuses say. */
export const pastDeploymentWords = z.strictObject({
  environment: optional(shortText).meta({
    description: "The environment it went to.",
    examples: ["staging"],
  }),
  sha: optional(shaText).describe("The commit that went out."),
  state: optional(
    wordOf(
      deploymentStates,
      {
        waiting: "It waits for an approval.",
        queued: "It waits for a runner.",
        pending: "It is about to begin.",
        in_progress: "It runs.",
        success: "It went well.",
        failure: "It failed.",
        error: "It could not be tried.",
        inactive: "Another took its place.",
      },
      {
        succeeded: "success",
        successful: "success",
        failed: "failure",
        running: "in_progress",
      },
    ),
  ).describe("How it ended, in the words of GitHub's deployment statuses."),
  order: optional(
    wordOf(["older", "newer", "diverged"], {
      older: "It is below the one that is judged.",
      newer: "It is above it.",
      diverged: "Neither is below the other.",
    }),
  ).describe(
    "Its commit, beside the one that is judged: an earlier one, unless the facts say otherwise.",
  ),
  at: optional(instantText).describe("When it came to that state."),
});

export const approvalWords = z.union([
  loginText.transform((by) => ({ by, environment: undefined, sha: undefined, at: undefined })),
  z.strictObject({
    by: loginText.describe("Login of who approved."),
    environment: optional(shortText).meta({
      description: "For which environment; the one that is deployed to, unless said.",
      examples: ["production"],
    }),
    sha: optional(shaText).describe("For which commit; the one that is deployed, unless said."),
    at: optional(instantText).describe("When."),
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
    name: optional(shortText).meta({
      description: "What it is called.",
      examples: ["incident-42"],
    }),
    environment: optional(shortText).meta({
      description: "The environment it covers; every one, unless said.",
      examples: ["production"],
    }),
    from: optional(instantText).describe("When it begins."),
    until: optional(instantText).describe("When it ends."),
    reason: optional(shortText).meta({
      description: "Why.",
      examples: ["The database is being moved."],
    }),
    by: optional(loginText).describe("Login of who froze."),
  }),
]);

/** One commit that goes out, and how it came in: by which pull request, and what the gate said of that. */
export const changeWords = z.strictObject({
  sha: optional(shaText).describe("Its SHA, or any word that stands for it."),
  subject: optional(shortText).meta({
    description: "The first line of its message.",
    examples: ["fix: add up in cents"],
  }),
  author: loginText.nullable().optional().describe("Login of its author; null: nobody known."),
  pull_request: optional(figure(z.int().min(1))).meta({
    description: "The pull request that brought it.",
    examples: [42],
  }),
  gate: optional(
    wordOf(
      ["allow", "deny", "wait", "none"],
      {
        allow: "It was allowed.",
        deny: "It was denied.",
        wait: "It waited.",
        none: "It was never judged.",
      },
      {
        allowed: "allow",
        denied: "deny",
        waiting: "wait",
        never: "none",
      },
    ),
  ).describe("What the gate said of that pull request; none: it was never judged."),
  override: optional(shortText).meta({
    description: "The override that let it through.",
    examples: ["emergency"],
  }),
});

export const overrideWords = z.strictObject({
  name: shortText.meta({
    description: "Which of the policy's overrides.",
    examples: ["emergency"],
  }),
  by: optional(loginText).describe("Login of who asked for it."),
  reason: optional(shortText).meta({
    description: "The reason given.",
    examples: ["Customers cannot pay."],
  }),
  ticket: optional(shortText).meta({ description: "The reference given.", examples: ["OPS-7"] }),
  confirmed_by: optional(listOf(loginText)).describe("Logins of those who confirmed it."),
  confirmations: optional(listOf(loginText)).describe("The same by another name."),
  sha: optional(shaText).describe("The commit it was asked for; the head, unless said."),
  at: optional(instantText).describe("When it was asked for."),
});

export const holdWords = z.strictObject({
  by: loginText.describe("Login of who holds it."),
  reason: optional(shortText).meta({ description: "Why.", examples: ["Wait for the migration."] }),
  at: optional(instantText).describe("Since when."),
});
