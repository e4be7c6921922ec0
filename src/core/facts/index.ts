import type { ListedFactRef } from "#core/model/fact.ts";
import * as attestationFacts from "./attestations.ts";
import * as calendarFacts from "./calendar-file.ts";
import * as checkFacts from "./checks.ts";
import * as coverageFacts from "./coverage.ts";
import * as rangeFacts from "./deployed-range.ts";
import * as contributorFacts from "./deployed-contributors.ts";
import * as approvalFacts from "./deployment-approvals.ts";
import * as deploymentFacts from "./deployment.ts";
import * as historyFacts from "./deployments.ts";
import * as findingFacts from "./findings.ts";
import * as healthFacts from "./health.ts";
import * as softFacts from "./if-readable.ts";
import * as incidentFacts from "./incidents.ts";
import * as labelFacts from "./labels-added.ts";
import * as pullOfRangeFacts from "./of-pull-request.ts";
import * as peopleFacts from "./people.ts";
import * as pullRequestFacts from "./pull-request.ts";
import * as reportingFacts from "./reporting.ts";
import * as repositoryFacts from "./repository.ts";
import * as reviewFacts from "./reviews.ts";
import * as testFacts from "./test-reports.ts";
import * as workflowRunFacts from "./workflow-runs.ts";

/** The single list of facts: routing, app.yml, the documentation and simulation are made from it or checked against it. */
export const facts = {
  pullRequest: pullRequestFacts.pullRequest,
  draftState: pullRequestFacts.draftState,
  text: pullRequestFacts.text,
  labels: pullRequestFacts.labels,
  changedFiles: pullRequestFacts.changedFiles,
  commits: pullRequestFacts.commits,
  pushers: pullRequestFacts.pushers,
  behindBase: pullRequestFacts.behindBase,
  linkedIssues: pullRequestFacts.linkedIssues,
  headFile: pullRequestFacts.headFile,
  baseFile: pullRequestFacts.baseFile,
  reviews: reviewFacts.reviews,
  reviewThreads: reviewFacts.reviewThreads,
  sameDiff: reviewFacts.sameDiff,
  codeOwnersFile: reviewFacts.codeOwnersFile,
  codeOwner: reviewFacts.codeOwner,
  refusedOwners: reviewFacts.refusedOwners,
  checks: checkFacts.checks,
  jobBehindCheck: checkFacts.jobBehindCheck,
  jobNamed: checkFacts.jobNamed,
  statusReports: checkFacts.statusReports,
  workflowRuns: workflowRunFacts.workflowRuns,
  reporting: reportingFacts.reporting,
  switchedOffWorkflows: reportingFacts.switchedOffWorkflows,
  coverageReport: coverageFacts.coverageReport,
  baseCoverage: coverageFacts.baseCoverage,
  testReports: testFacts.testReports,
  baseTests: testFacts.baseTests,
  codeScanning: findingFacts.codeScanning,
  dependabotAlerts: findingFacts.dependabotAlerts,
  dependencyReview: findingFacts.dependencyReview,
  secretScanning: findingFacts.secretScanning,
  scanArtifacts: findingFacts.scanArtifacts,
  baseFindings: findingFacts.baseFindings,
  addedLicenses: findingFacts.addedLicenses,
  findingTickets: findingFacts.findingTickets,
  branchTip: findingFacts.branchTip,
  teamMembers: peopleFacts.teamMembers,
  roleOf: peopleFacts.roleOf,
  account: peopleFacts.account,
  repository: repositoryFacts.repository,
  customProperties: repositoryFacts.customProperties,
  environments: repositoryFacts.environments,
  openIncidents: incidentFacts.openIncidents,
  health: healthFacts.health,
  labelsAdded: labelFacts.labelsAdded,
  calendarFile: calendarFacts.calendarFile,
  deployment: deploymentFacts.deployment,
  askingWorkflow: deploymentFacts.askingWorkflow,
  knownEnvironment: deploymentFacts.knownEnvironment,
  deployments: historyFacts.deployments,
  sameCommitDeployments: historyFacts.sameCommitDeployments,
  deploymentsHere: historyFacts.deploymentsHere,
  commitOrder: historyFacts.commitOrder,
  rollbackHistory: historyFacts.rollbackHistory,
  deployedRange: rangeFacts.deployedRange,
  deployedPullRequests: rangeFacts.deployedPullRequests,
  undoneCommits: rangeFacts.undoneCommits,
  undonePullRequests: rangeFacts.undonePullRequests,
  deployedContributors: contributorFacts.deployedContributors,
  conversation: contributorFacts.conversation,
  ofPullRequest: pullOfRangeFacts.ofPullRequest,
  ifReadable: softFacts.ifReadable,
  deploymentApprovals: approvalFacts.deploymentApprovals,
  environmentReviews: approvalFacts.environmentReviews,
  recordedFreezes: approvalFacts.recordedFreezes,
  attestations: attestationFacts.attestations,
} as const;

export const factList: readonly ListedFactRef[] = Object.values(facts);

const byName: ReadonlyMap<string, ListedFactRef> = new Map(
  factList.map((fact) => [fact.name, fact]),
);

/** The fact of a need. */
export const factNamed = (name: string): ListedFactRef | undefined => byName.get(name);
