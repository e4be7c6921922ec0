import { z } from "zod";
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

const label = z.union([
  shortText.transform((name) => ({ name, by: undefined, at: undefined })),
  z.strictObject({
    name: shortText.meta({ description: "The label.", examples: ["security"] }),
    by: optional(loginText).describe("Who put it on."),
    at: optional(instantText).describe("When it was put on."),
  }),
]);

const lines = figure(z.int().min(0).max(100_000_000));

const file = z.union([
  shortText.transform((path) => ({
    path,
    previous: undefined,
    status: undefined,
    additions: undefined,
    deletions: undefined,
    content: undefined,
  })),
  z.strictObject({
    path: shortText.meta({ description: "Its path.", examples: ["src/cart.ts"] }),
    previous: optional(shortText).meta({
      description: "Its path before it was renamed.",
      examples: ["src/basket.ts"],
    }),
    status: optional(
      wordOf(
        ["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"],
        {
          added: "It is new.",
          removed: "It is gone.",
          modified: "Its text changed.",
          renamed: "It has another path; say the old one as previous.",
          copied: "It was copied from another.",
          changed: "Its mode changed.",
          unchanged: "It is as it was.",
        },
        { deleted: "removed" },
      ),
    ).describe("What became of it."),
    additions: optional(lines).meta({ description: "Lines that were added.", examples: [12] }),
    deletions: optional(lines).meta({ description: "Lines that were taken away.", examples: [3] }),
    content: optional(longText).meta({
      description: "Its text at the head, where a rule reads it.",
      examples: ["on: push\njobs: {}\n"],
    }),
  }),
]);

/** A login, or null for an e-mail address that maps to no account. `web-flow` is GitHub itself. */
const identity = loginText.nullable();

const commit = z.union([
  shaText.transform((sha) => ({
    sha,
    author: undefined,
    co_authors: undefined,
    committer: undefined,
    verified: undefined,
    message: undefined,
    parents: undefined,
  })),
  z.strictObject({
    sha: optional(shaText).describe(
      "Its SHA, or any word that stands for it; the last commit is the head.",
    ),
    author: identity
      .optional()
      .describe("Login of its author; null: the address belongs to no account."),
    co_authors: optional(listOf(identity)).describe(
      "Logins of its Co-authored-by trailers; null as above.",
    ),
    committer: identity.optional().meta({
      description: "Login of its committer; web-flow is GitHub itself.",
      examples: ["web-flow"],
    }),
    verified: optional(flag).describe("Whether GitHub verified its signature."),
    message: optional(longText).meta({
      description: "Its message.",
      examples: ["fix: add up in cents"],
    }),
    parents: optional(figure(z.int().min(0).max(100))).meta({
      description: "How many parents it has: two make it a merge.",
      examples: [1, 2],
    }),
  }),
]);

export const pullRequestWords = z.strictObject({
  number: optional(figure(z.int().min(1))).meta({ description: "Its number.", examples: [42] }),
  author: loginText
    .nullable()
    .optional()
    .describe("Login of who opened it; null: the account is gone."),
  base: optional(shortText).meta({
    description: "Branch it is to be merged into.",
    examples: ["main"],
  }),
  head: optional(shortText).meta({ description: "Branch it comes from.", examples: ["fix-cart"] }),
  title: optional(longText).meta({ description: "Its title.", examples: ["Add up in cents"] }),
  body: optional(longText).meta({ description: "Its description.", examples: ["Closes #7."] }),
  draft: optional(flag).describe("Whether it is a draft."),
  fork: optional(flag).describe("Whether it comes from a fork."),
  state: optional(
    wordOf(["open", "closed", "merged"], {
      open: "It may be merged.",
      closed: "It was closed without a merge.",
      merged: "It was merged.",
    }),
  ).describe("What became of it."),
  behind: optional(figure(z.int().min(0))).meta({
    description: "Commits of the base that it lacks.",
    examples: [0, 3],
  }),
  linked_issues: optional(listOf(figure(z.int().min(1)))).meta({
    description: "Issues that it will close.",
    examples: [[7]],
  }),
  pushers: optional(listOf(loginText)).describe("Logins of those who pushed to its branch."),
  earlier_contributors: optional(listOf(loginText)).describe(
    "Logins that commits named which a force-push took away.",
  ),
  asked_by: optional(listOf(loginText)).describe(
    "Logins of those who asked a coding agent for it, as GitHub's timeline tells.",
  ),
  labels: optional(listOf(label)).describe("Its labels: names, or {name, by, at}."),
  files: optional(listOf(file)).describe(
    "Its changed files: paths, or {path, status, additions, deletions, …}.",
  ),
  commits: optional(listOf(commit)).describe(
    "Its commits, oldest first: SHAs, or {sha, author, message, …}; the last is the head.",
  ),
});
