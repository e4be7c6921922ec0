import { z } from "zod";
import { factList } from "#core/facts/index.ts";
import { oneOf } from "#core/text/meanings.ts";
import { nearest } from "#core/text/nearest.ts";

/** Keys of simulated facts whose fact has another name. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  // A review tells for free whether its author may push, which is a role as well.
  people: ["team_members", "role", "account", "reviews"],
  teams: ["team_members"],
  roles: ["role", "reviews"],
  pull_request: [
    "draft",
    "text",
    "labels",
    "labels_added",
    "files",
    "commits",
    "pushers",
    "behind",
    "linked_issues",
    "head_file",
  ],
  author: ["pull_request", "deployed_contributors"],
  commits: ["deployed_contributors"],
  pushers: ["deployed_contributors"],
  // Contributors to what is deployed are read from it.
  deployed_range: ["deployed_contributors"],
  deployed_pull_requests: ["deployed_contributors"],
  base: ["pull_request"],
  head: ["pull_request"],
  // Commands stand in comments.
  comments: ["approvals", "freezes"],
  title: ["text"],
  body: ["text"],
  threads: ["review_threads"],
  jobs: ["job_behind_check"],
  properties: ["custom_properties"],
  tests: ["test_reports"],
  incidents: ["open_incidents"],
  content: ["head_file"],
  diff: ["same_diff"],
  scans: [
    "findings_code_scanning",
    "findings_dependabot",
    "findings_dependency_review",
    "findings_secret_scanning",
    "findings_artifacts",
  ],
};

/** Keys of simulated facts that name a fact of their own, or the beginning of one (docs/policy-tests.md). */
const keys = [
  "coverage",
  "findings",
  "scans",
  "licenses",
  "comments",
  "deployments",
  "approvals",
  "freezes",
  "overrides",
  "history",
];

const words: readonly string[] = [
  ...new Set([...factList.map((fact) => fact.name), ...Object.keys(aliases), ...keys]),
];

/** `pull_request.labels` says no more than `labels`. */
const lastPart = (text: string): string =>
  text.replace(/^(?:pull_request|deployment|coverage)\.(?=.)/, (prefix) =>
    prefix === "coverage." ? "coverage_" : "",
  );

const word = z
  .string()
  .meta({ examples: ["reviews", "coverage"] })
  .transform(lastPart)
  .superRefine((text, context) => {
    if (words.includes(text)) return;
    const hint = nearest(text, words);
    context.addIssue({
      code: "custom",
      message:
        hint === undefined
          ? `no such fact; there are ${words.join(", ")}`
          : `no such fact; did you mean "${hint}"?`,
    });
  });

/** `reviews`, or `{fact: reviews, reason: …, code: forbidden}`. */
export const unreadableWord = z.union([
  word.transform((fact) => ({ fact, reason: undefined, code: undefined })),
  z.strictObject({
    fact: word.describe("Which fact."),
    reason: z
      .string()
      .max(500)
      .optional()
      .meta({
        description: "Why, as the verdict shall say it.",
        examples: ["GitHub answered 502"],
      }),
    code: oneOf(
      ["forbidden", "not_found", "unavailable", "incomplete", "rate_limited", "invalid"],
      {
        forbidden: "GitHub refuses.",
        not_found: "GitHub knows of no such thing.",
        unavailable: "GitHub does not answer.",
        incomplete: "GitHub told a part of it.",
        rate_limited: "GitHub asks us to wait.",
        invalid: "What was told cannot be read.",
      },
    )
      .optional()
      .describe("What kind of trouble it is."),
  }),
]);

/** Whether the word stands for the fact: by name, by alias, or as the beginning of its name (`coverage` for `coverage_report`). */
export function standsFor(text: string, fact: string): boolean {
  return text === fact || fact.startsWith(`${text}_`) || (aliases[text] ?? []).includes(fact);
}
