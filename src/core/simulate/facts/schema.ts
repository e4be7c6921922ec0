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
    label: shortText.meta({
      description: "The label that makes it an incident.",
      examples: ["incident"],
    }),
    repository: optional(shortText).meta({
      description: "Where it is kept; where the rule looks, unless said.",
      examples: ["acme/incidents"],
    }),
    number: optional(figure(z.int().min(1))).meta({ description: "Its number.", examples: [7] }),
  }),
]);

/** What a health source of the settings says: a value (of each line, where there are several), null for no data. */
const healthWords = z.strictObject({
  source: shortText.meta({
    description: "The health source, as the settings name it.",
    examples: ["prometheus"],
  }),
  query: optional(shortText).meta({
    description: "What it is asked; left out: whatever it is asked.",
    examples: ["sum(rate(http_errors_total[5m]))"],
  }),
  value: z
    .union([figure(z.number()), z.array(figure(z.number())).min(1)])
    .nullable()
    .optional()
    .meta({
      description: "What it answers: a value, one for each line, or null for no data.",
      examples: [0.2, [0.1, 0.3], null],
    }),
  for: optional(durationSchema).meta({
    description: "How long it has been so; always, if left out. Before that it was not.",
    examples: ["10m"],
  }),
  error: optional(shortText).meta({
    description: "Why it cannot be asked.",
    examples: ["no answer within 10 s"],
  }),
});

/** Simulated facts (docs/policy-tests.md): every key optional, unknown keys are errors. */
export const givenFactsSchema = z
  .strictObject({
    pull_request: optional(pullRequestWords).meta({
      description: "The pull request that is judged, or that brought what is deployed.",
      examples: [{ author: "octocat", base: "main", files: ["src/cart.ts"] }],
    }),
    reviews: optional(listOf(reviewWords)).describe("Its reviews, oldest first."),
    threads: optional(threadWords).describe("Its review threads."),
    same_diff: optional(listOf(shaText)).describe(
      "Reviewed commits whose diff is the head's, as after a pure rebase.",
    ),
    codeowners: optional(longText).meta({
      description: "The text of CODEOWNERS on the base.",
      examples: ["*.sql @acme/database\n"],
    }),
    comments: optional(listOf(commentWords)).describe(
      "Its comments, oldest first: commands are read from them.",
    ),
    checks: optional(listOf(checkWords)).describe("Checks and statuses of the commit."),
    coverage: optional(coverageWords).meta({
      description: "Coverage: the project's in per cent, or {project, patch, base}.",
      examples: [81.5, { project: 81.5, patch: 92 }],
    }),
    tests: optional(testsWords).meta({
      description: "Test reports: how many cases ran, or {ran, failed, …}.",
      examples: [250, { ran: 250, failed: ["shop.CartTest.addsTwice"] }],
    }),
    incidents: optional(listOf(incidentWords)).describe(
      "Open incidents: their labels, or {label, repository, number}.",
    ),
    health: optional(listOf(healthWords)).meta({
      description: "What health sources answer.",
      examples: [[{ source: "prometheus", value: 0.2 }]],
    }),
    findings: optional(listOf(findingWords)).meta({
      description: "Findings of scanners.",
      examples: [[{ id: "CVE-2026-12345", severity: "high", package: "lodash" }]],
    }),
    scans: optional(listOf(shortText)).meta({
      description: "Tools that scanned the commit.",
      examples: [["CodeQL"]],
    }),
    licenses: optional(licenseWords).meta({
      description: "Licences of added dependencies: {package: licence}, or a list.",
      examples: [{ "left-pad": "MIT" }, ["MIT"]],
    }),
    attestations: optional(listOf(attestationWords)).meta({
      description: "Attestations of what is deployed.",
      examples: [["shop-1.2.0.tgz"], [{ subject: "shop-1.2.0.tgz", verified: false }]],
    }),
    people: optional(z.record(z.string().min(1), personWords)).meta({
      description: "Roles and teams of people, by login.",
      examples: [{ octocat: "write", hubot: { teams: ["security"] } }],
    }),
    repository: optional(repositoryWords).meta({
      description: "The repository: owner/name, a name, or more about it.",
      examples: ["acme/shop", { name: "shop", private: true }],
    }),
    properties: optional(propertyWords).meta({
      description: "Custom properties of the repository.",
      examples: [{ tier: "critical" }],
    }),
    deployment: optional(deploymentWords).meta({
      description: "The deployment that is judged; without it the pull request is.",
      examples: [{ environment: "production", actor: "octocat" }],
    }),
    deployments: optional(listOf(pastDeploymentWords)).meta({
      description: "Deployments of the past.",
      examples: [[{ environment: "staging", state: "success", at: "2026-03-30T07:00:00Z" }]],
    }),
    changes: optional(listOf(changeWords)).meta({
      description: "Commits that go out; without them, those of the pull request.",
      examples: [[{ sha: "9fceb02", pull_request: 42, gate: "allow" }]],
    }),
    approvals: optional(listOf(approvalWords)).describe(
      "Approvals of the deployment: logins, or {by, environment, sha, at}.",
    ),
    freezes: optional(listOf(freezeWords)).meta({
      description:
        "Freezes made with /gate freeze: environments, or {name, environment, from, until, …}.",
      examples: [["production"], [{ environment: "production", reason: "The database is moved." }]],
    }),
    overrides: optional(listOf(overrideWords)).describe("Overrides that were asked for."),
    holds: optional(listOf(holdWords)).describe("Holds that stand."),
    now: optional(instantText).describe("The instant at which it is judged."),
    unreadable: optional(listOf(unreadableWord)).describe(
      "Facts that cannot be read: names, or {fact, reason, code}.",
    ),
  })
  .meta({
    id: "given",
    description: "Facts in plain words; what is left out is as harmless as can be.",
    examples: [
      { pull_request: { author: "octocat" }, reviews: [{ by: "hubot", state: "approved" }] },
    ],
  });

export type GivenFacts = z.output<typeof givenFactsSchema>;
