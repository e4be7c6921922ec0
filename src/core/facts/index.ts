import type { ListedFactRef } from "../model/fact.ts";
import * as checkFacts from "./checks.ts";
import * as deploymentFacts from "./deployment.ts";
import * as peopleFacts from "./people.ts";
import * as pullRequestFacts from "./pull-request.ts";
import * as repositoryFacts from "./repository.ts";
import * as reviewFacts from "./reviews.ts";

/** The single list of facts: routing, app.yml and the documentation are generated from it or checked against it. */
export const factList: readonly ListedFactRef[] = [
  pullRequestFacts.pullRequest,
  pullRequestFacts.draftState,
  pullRequestFacts.text,
  pullRequestFacts.labels,
  pullRequestFacts.changedFiles,
  pullRequestFacts.commits,
  pullRequestFacts.pushers,
  pullRequestFacts.behindBase,
  pullRequestFacts.linkedIssues,
  pullRequestFacts.headFile,
  reviewFacts.reviews,
  reviewFacts.reviewThreads,
  reviewFacts.sameDiff,
  reviewFacts.codeOwnersFile,
  checkFacts.checks,
  checkFacts.jobBehindCheck,
  peopleFacts.teamMembers,
  peopleFacts.roleOf,
  peopleFacts.account,
  repositoryFacts.repository,
  repositoryFacts.customProperties,
  deploymentFacts.deployment,
];
