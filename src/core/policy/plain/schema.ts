import { z } from "zod";
import { approvalWords, deploymentWords, freezeWords, holdWords, overrideWords, pastDeploymentWords } from "./deployment-schema.ts";
import { coverageWords, findingWords, licenseWords } from "./evidence-schema.ts";
import { pullRequestWords } from "./pull-request-schema.ts";
import { checkWords, commentWords, personWords, reviewWords } from "./review-schema.ts";
import { unreadableWord } from "./unreadable-words.ts";
import { instantText, longText, shaText, shortText } from "./words.ts";

/** Facts in plain words (interfaces, 4): every key optional, unknown keys are errors. */
export const plainFactsSchema = z.strictObject({
  pull_request: pullRequestWords.optional(),
  reviews: z.array(reviewWords).optional(),
  threads: z.strictObject({ unresolved: z.int().min(0), total: z.int().min(0).optional() }).optional(),
  /** Reviewed commits whose diff is the head's, as after a pure rebase. */
  same_diff: z.array(shaText).optional(),
  codeowners: longText.nullable().optional(),
  comments: z.array(commentWords).optional(),
  checks: z.array(checkWords).optional(),
  coverage: coverageWords.nullable().optional(),
  findings: z.array(findingWords).optional(),
  scans: z.array(shortText).optional(),
  licenses: licenseWords.optional(),
  people: z.record(z.string().min(1), personWords).optional(),
  repository: z
    .strictObject({
      owner: shortText.optional(),
      name: shortText.optional(),
      private: z.boolean().optional(),
      default_branch: shortText.optional(),
      properties: z.record(shortText, z.union([shortText, z.array(shortText), z.boolean().transform(String)])).optional(),
    })
    .optional(),
  deployment: deploymentWords.optional(),
  deployments: z.array(pastDeploymentWords).optional(),
  approvals: z.array(approvalWords).optional(),
  freezes: z.array(freezeWords).optional(),
  overrides: z.array(overrideWords).optional(),
  holds: z.array(holdWords).optional(),
  now: instantText.optional(),
  unreadable: z.array(unreadableWord).optional(),
});

export type PlainWords = z.output<typeof plainFactsSchema>;
