import { z } from "zod";
import { instantText, loginText, longText, shaText, shortText } from "./words.ts";

const label = z.union([
  shortText.transform((name) => ({ name, by: undefined, at: undefined })),
  z.strictObject({ name: shortText, by: loginText.optional(), at: instantText.optional() }),
]);

const lines = z.int().min(0).max(100_000_000);

const file = z.union([
  shortText.transform((path) => ({ path, previous: undefined, status: undefined, additions: undefined, deletions: undefined, content: undefined })),
  z.strictObject({
    path: shortText,
    previous: shortText.optional(),
    status: z.enum(["added", "removed", "modified", "renamed", "copied", "changed", "unchanged"]).optional(),
    additions: lines.optional(),
    deletions: lines.optional(),
    content: longText.optional(),
  }),
]);

/** A login, or null for an e-mail address that maps to no account. `web-flow` is GitHub itself. */
const identity = loginText.nullable();

const commit = z.strictObject({
  sha: shaText,
  author: identity.optional(),
  co_authors: z.array(identity).optional(),
  committer: identity.optional(),
  verified: z.boolean().optional(),
  message: longText.optional(),
  parents: z.int().min(0).max(100).optional(),
});

export const pullRequestWords = z.strictObject({
  number: z.int().min(1).optional(),
  author: loginText.nullable().optional(),
  base: shortText.optional(),
  head: shortText.optional(),
  title: longText.optional(),
  body: longText.optional(),
  draft: z.boolean().optional(),
  fork: z.boolean().optional(),
  state: z.enum(["open", "closed", "merged"]).optional(),
  behind: z.int().min(0).optional(),
  linked_issues: z.array(z.int().min(1)).optional(),
  pushers: z.array(loginText).optional(),
  labels: z.array(label).optional(),
  files: z.array(file).optional(),
  commits: z.array(commit).optional(),
});
