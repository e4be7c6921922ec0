import { z } from "zod";
import { checkConclusions, type CheckFact } from "#core/facts/checks.ts";
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
    names: nameGlobs.optional().describe("Names of checks; each must have reported."),
    app: z
      .union([appSlug, z.int().positive()])
      .optional()
      .describe("Slug or id of the app that reports them."),
    workflow: name.optional().describe("Path of the workflow file whose jobs they are."),
    conclusions: z
      .array(z.enum(checkConclusions))
      .min(1)
      .default(["success"])
      .describe("Conclusions that count as passed."),
    trusted: z
      .boolean()
      .default(false)
      .describe("Only of workflow files that the pull request leaves as they are."),
    all: z.boolean().default(false).describe("Every other check of the commit as well."),
    if_none: z
      .enum(ifNone)
      .default("wait")
      .describe(
        "For `all`, when the commit has no check: wait for one, or pass where nothing in the repository reports any.",
      ),
  })
  .refine((demands) => demands.names !== undefined || demands.all, {
    message: "says nothing: give names or all: true",
  });
export type ChecksParams = z.infer<typeof checksParams>;

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
