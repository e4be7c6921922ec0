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
  z.strictObject({ name: shortText, by: optional(loginText), at: optional(instantText) }),
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
    path: shortText,
    previous: optional(shortText),
    status: optional(
      wordOf(["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"], {
        deleted: "removed",
      }),
    ),
    additions: optional(lines),
    deletions: optional(lines),
    content: optional(longText),
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
    sha: optional(shaText),
    author: identity.optional(),
    co_authors: optional(listOf(identity)),
    committer: identity.optional(),
    verified: optional(flag),
    message: optional(longText),
    parents: optional(figure(z.int().min(0).max(100))),
  }),
]);

export const pullRequestWords = z.strictObject({
  number: optional(figure(z.int().min(1))),
  author: loginText.nullable().optional(),
  base: optional(shortText),
  head: optional(shortText),
  title: optional(longText),
  body: optional(longText),
  draft: optional(flag),
  fork: optional(flag),
  state: optional(wordOf(["open", "closed", "merged"])),
  behind: optional(figure(z.int().min(0))),
  linked_issues: optional(listOf(figure(z.int().min(1)))),
  pushers: optional(listOf(loginText)),
  /** Whom commits named that a force-push took away. */
  earlier_contributors: optional(listOf(loginText)),
  /** Who asked a coding agent for it, as GitHub's timeline tells. */
  asked_by: optional(listOf(loginText)),
  labels: optional(listOf(label)),
  files: optional(listOf(file)),
  commits: optional(listOf(commit)),
});
