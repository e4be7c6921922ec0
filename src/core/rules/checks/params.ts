import { z } from "zod";
import { oneOf } from "#core/text/meanings.ts";
import { checkConclusions, conclusionMeanings, type CheckFact } from "#core/facts/checks.ts";
import { name, nameGlobs } from "../kit/params.ts";

/** Loosest first. */
export const ifNone = ["pass_without_ci", "wait"] as const;

/** GitHub makes an app's slug of its name: letters, digits and hyphens. */
const appSlug = name.superRefine((text, context) => {
  if (/^[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*-*$/u.test(text)) return;
  const slug = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "");
  context.addIssue({
    code: "custom",
    message: `"${text}" is no app's slug; write it as in the address github.com/apps/…${slug === "" ? "" : `, most likely ${slug}`}, or the app's id`,
  });
});

export const checksParams = z
  .strictObject({
    names: nameGlobs.optional().meta({
      description: "Names of checks; each must have reported.",
      examples: [["build", "test*"]],
    }),
    app: z
      .union([appSlug, z.int().positive()])
      .optional()
      .meta({
        description: "Slug or id of the app that reports them.",
        examples: ["github-actions", 15368],
      }),
    workflow: name.optional().meta({
      description: "Path of the workflow file whose jobs they are.",
      examples: [".github/workflows/ci.yml"],
    }),
    conclusions: z
      .array(oneOf(checkConclusions, conclusionMeanings))
      .min(1)
      .default(["success"])
      .describe("Conclusions that count as passed."),
    trusted: z
      .boolean()
      .default(false)
      .describe("Only of workflow files that the pull request leaves as they are."),
    all: z.boolean().default(false).describe("Every other check of the commit as well."),
    if_none: oneOf(ifNone, {
      pass_without_ci: "It passes where nothing in the repository reports any check.",
      wait: "It waits for one.",
    })
      .default("wait")
      .describe(
        "For `all`, when the commit has no check: wait for one, or pass where nothing in the repository reports any.",
      ),
  })
  .refine((demands) => demands.names !== undefined || demands.all, {
    message: "says nothing: give names or all: true",
  })
  .meta({ examples: [{ names: ["build", "test*"] }, { all: true }] });
export type ChecksParams = z.infer<typeof checksParams>;

/** A glob that every name answers to. */
const isEveryName = (glob: string): boolean => /^\*+$/u.test(glob);

/** Whether whatever reports is meant, so that nobody says who has to. */
export const meansEverything = ({ all, names }: ChecksParams): boolean =>
  all || (names ?? []).some(isEveryName);

/** Names that say which checks are meant. */
export const tellingNames = ({ names }: ChecksParams): readonly string[] =>
  (names ?? []).filter((glob) => !isEveryName(glob));

export const actionsSlug = "github-actions";
/** GitHub Actions' app id on github.com. */
export const actionsId = 15368;

export const isOfActions = ({ app }: CheckFact): boolean =>
  app?.slug === actionsSlug || app?.id === actionsId;

/**
 * Whether a green check must be a job that GitHub itself made: any workflow can post a check run or a status under
 * the app github-actions with its GITHUB_TOKEN, so that app's word alone proves nothing (threat T2).
 */
export function asksForJobs({ app, workflow, trusted }: ChecksParams): boolean {
  return trusted || workflow !== undefined || app === actionsSlug || appId(app) === actionsId;
}

/** An app given by id, as a number or in digits; null for a slug. */
export function appId(app: ChecksParams["app"]): number | null {
  if (typeof app === "number") return app;
  return app !== undefined && /^\d+$/u.test(app) ? Number(app) : null;
}
