import type { ListedFactRef } from "#core/model/fact.ts";
import * as attestationFacts from "./attestations.ts";
import * as calendarFacts from "./calendar-file.ts";
import * as checkFacts from "./checks.ts";
import * as coverageFacts from "./coverage.ts";
import * as rangeFacts from "./deployed-range.ts";
import * as contributorFacts from "./deployed-contributors.ts";
import * as wordFacts from "./deployment-words.ts";
import * as deploymentFacts from "./deployment.ts";
import * as historyFacts from "./deployments.ts";
import * as findingFacts from "./findings.ts";
import * as softFacts from "./if-readable.ts";
import * as labelFacts from "./labels-added.ts";
import * as pullOfRangeFacts from "./of-pull-request.ts";
import * as peopleFacts from "./people.ts";
import * as pullRequestFacts from "./pull-request.ts";
import * as reportingFacts from "./reporting.ts";
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
  pullRequestFacts.baseFile,
  reviewFacts.reviews,
  reviewFacts.reviewThreads,
  reviewFacts.sameDiff,
  reviewFacts.codeOwnersFile,
  reviewFacts.codeOwner,
  reviewFacts.refusedOwners,
  checkFacts.checks,
  checkFacts.jobBehindCheck,
  checkFacts.jobNamed,
  checkFacts.statusReports,
  reportingFacts.reporting,
  coverageFacts.coverageReport,
  coverageFacts.baseCoverage,
  findingFacts.codeScanning,
  findingFacts.dependabotAlerts,
  findingFacts.dependencyReview,
  findingFacts.secretScanning,
  findingFacts.scanArtifacts,
  findingFacts.baseFindings,
  findingFacts.addedLicenses,
  findingFacts.findingTickets,
  findingFacts.branchTip,
  peopleFacts.teamMembers,
  peopleFacts.roleOf,
  peopleFacts.account,
  repositoryFacts.repository,
  repositoryFacts.customProperties,
  repositoryFacts.environments,
  labelFacts.labelsAdded,
  calendarFacts.calendarFile,
  deploymentFacts.deployment,
  historyFacts.deployments,
  historyFacts.sameCommitDeployments,
  historyFacts.rollbackHistory,
  rangeFacts.deployedRange,
  rangeFacts.deployedPullRequests,
  contributorFacts.deployedContributors,
  contributorFacts.conversation,
  pullOfRangeFacts.ofPullRequest,
  softFacts.ifReadable,
  wordFacts.deploymentWords,
  wordFacts.environmentReviews,
  wordFacts.recordedFreezes,
  attestationFacts.attestations,
];
