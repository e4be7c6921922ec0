import { z } from "zod";
import { durationSchema } from "#core/text/duration.ts";
import {
  approvalWords,
  changeWords,
  deploymentWords,
  freezeWords,
  holdWords,
  overrideWords,
  pastDeploymentWords,
} from "./deployment-schema.ts";
import {
  attestationWords,
  coverageWords,
  findingWords,
  licenseWords,
  testsWords,
} from "./evidence-schema.ts";
import { pullRequestWords } from "./pull-request-schema.ts";
import { repositoryWords, propertyWords } from "./repository-schema.ts";
import {
  checkWords,
  commentWords,
  personWords,
  reviewWords,
  threadWords,
} from "./review-schema.ts";
import { unreadableWord } from "./unreadable-keys.ts";
import {
  figure,
  instantText,
  listOf,
  longText,
  optional,
  shaText,
  shortText,
} from "./input-types.ts";

/** An open issue, by the label that makes it an incident. */
const incidentWords = z.union([
  shortText.transform((label) => ({ label, repository: undefined, number: undefined })),
  z.strictObject({
    label: shortText,
    repository: optional(shortText),
    number: optional(figure(z.int().min(1))),
  }),
]);

/** What a health source of the settings says: a value (of each line, where there are several), null for no data. */
const healthWords = z.strictObject({
  source: shortText,
  /** Left out: whatever it is asked. */
  query: optional(shortText),
  value: z
    .union([figure(z.number()), z.array(figure(z.number())).min(1)])
    .nullable()
    .optional(),
  /** How long it has been so; always, if left out. Before that it was not. */
  for: optional(durationSchema),
  /** Why it cannot be asked. */
  error: optional(shortText),
});

/** Facts in plain words (interfaces, 4): every key optional, unknown keys are errors. */
export const givenFactsSchema = z.strictObject({
  pull_request: optional(pullRequestWords),
  reviews: optional(listOf(reviewWords)),
  threads: optional(threadWords),
  /** Reviewed commits whose diff is the head's, as after a pure rebase. */
  same_diff: optional(listOf(shaText)),
  codeowners: optional(longText),
  comments: optional(listOf(commentWords)),
  checks: optional(listOf(checkWords)),
  coverage: optional(coverageWords),
  tests: optional(testsWords),
  incidents: optional(listOf(incidentWords)),
  health: optional(listOf(healthWords)),
  findings: optional(listOf(findingWords)),
  scans: optional(listOf(shortText)),
  licenses: optional(licenseWords),
  attestations: optional(listOf(attestationWords)),
  people: optional(z.record(z.string().min(1), personWords)),
  repository: optional(repositoryWords),
  properties: optional(propertyWords),
  deployment: optional(deploymentWords),
  deployments: optional(listOf(pastDeploymentWords)),
  /** The commits that go out; without them, those of the pull request. */
  changes: optional(listOf(changeWords)),
  approvals: optional(listOf(approvalWords)),
  freezes: optional(listOf(freezeWords)),
  overrides: optional(listOf(overrideWords)),
  holds: optional(listOf(holdWords)),
  now: optional(instantText),
  unreadable: optional(listOf(unreadableWord)),
});

export type GivenFacts = z.output<typeof givenFactsSchema>;
