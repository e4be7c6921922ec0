import { isMergeByHand } from "../facts/merge-by-hand.ts";
import type { GitHubReader, TeamSeen } from "#core/ports/github.ts";
import type { Clock } from "#core/ports/system.ts";
import { readHidden } from "./hidden.ts";
import { readApprovalsGiven } from "./approvals-given.ts";
import { readActivity } from "./activity.ts";
import { countingCalls } from "../client/call-tally.ts";
import type { GitHub } from "../client/client.ts";
import { readCustomProperties } from "./custom-properties.ts";
import { readFailedDeliveries, redeliver } from "./deliveries.ts";
import {
  readDeploymentOfRun,
  readEnvironments,
  readIsGated,
  readUnstartedDeployment,
  readWaitingAt,
  readWaitingRuns,
} from "./deployments.ts";
import { readCommit } from "./commit.ts";
import {
  readAppSlug,
  readInstallationOf,
  readInstallations,
  readRepositories,
  findRepository,
} from "./installations.ts";
import { readIssueText } from "./issue-text.ts";
import { readMergeGroupMembers } from "./merge-group.ts";
import { readComment, readReview } from "./comments.ts";
import { readIssue } from "./issues.ts";
import { readPullRequest, readPullRequestsOfCommit, readRecentlyMerged } from "./pull-requests.ts";
import { readRequiredChecks } from "./required-checks.ts";
import { readOthersAtGitHub, type OwnRules } from "./others-at-github.ts";
import { createExpiringCache } from "../facts/expiring-cache.ts";
import { readHasAccount, readNames } from "./names-there.ts";
import { readTeam } from "./teams.ts";
import { readFile, readOneOf } from "./read-file.ts";
import { readCurrentHead, readOpenPullRequests } from "./pull-request-rows.ts";

/** How long a team that was made secret, or another one, may be shown by name: its events are not waited for. */
const teamsMs = 5 * 60_000;

/** A reviewer or a timer that was added to an environment is waited for that much later. */
const ownRulesMs = 10 * 60_000;

/** Repositories of one owner are compared one after another, and share one list; a team made since is soon seen. */
const listsMs = 2_000;

/** What the flows ask GitHub besides facts. */
export function createGitHubReader(github: GitHub, clock: Clock): GitHubReader {
  const teams = createExpiringCache<TeamSeen | null>(clock, teamsMs, 2_000);
  const listed = createExpiringCache<readonly string[] | null>(clock, listsMs, 200);
  const ownRules = createExpiringCache<OwnRules>(clock, ownRulesMs, 2_000);
  const accounts = createExpiringCache<boolean>(clock, teamsMs, 2_000);
  return {
    readFile: (repository, path, ref) => readFile(github, repository, path, ref),
    readOneOf: (repository, paths, ref) => readOneOf(github, repository, paths, ref),
    findRepository: (installationId, owner, name) =>
      findRepository(github, installationId, owner, name),
    installationOf: (owner, name) => readInstallationOf(github, owner, name),
    commit: (repository, sha) => readCommit(github, repository, sha),
    unstartedDeployment: (repository, environment, sha) =>
      readUnstartedDeployment(github, repository, environment, sha),
    openPullRequests: (repository) => readOpenPullRequests(github, repository),
    currentHead: (repository, number) => readCurrentHead(github, repository, number),
    installations: () => readInstallations(github),
    repositoriesOf: (installationId) => readRepositories(github, installationId),
    failedDeliveries: (since) => readFailedDeliveries(github, since),
    redeliver: (deliveryId) => redeliver(github, deliveryId),
    mergeGroupMembers: (repository, headRef, headSha) =>
      readMergeGroupMembers(github, repository, headRef, headSha),
    customProperties: (repository) => readCustomProperties(github, repository),
    deploymentOfRun: (repository, runId, environment) =>
      readDeploymentOfRun(github, repository, runId, environment),
    waitingAt: (repository, runId) => readWaitingAt(github, repository, runId),
    approvalsGiven: (repository, runId, environment) =>
      readApprovalsGiven(github, repository, runId, environment),
    waitingRuns: (repository) => readWaitingRuns(github, repository),
    environments: (repository) => readEnvironments(github, repository),
    isGated: (repository, environment) => readIsGated(github, repository, environment),
    othersAt: (repository, runId, environment) =>
      readOthersAtGitHub(github, ownRules, repository, runId, environment),
    comment: (repository, id) => readComment(github, repository, id),
    review: (repository, number, id) => readReview(github, repository, number, id),
    team: (repository, slug) =>
      teams.get(`${repository.installationId}:${repository.owner}/${slug}`.toLowerCase(), () =>
        readTeam(github, repository, repository.owner, slug),
      ),
    namesOf: (repository, kind) =>
      kind === "team"
        ? listed.get(`${repository.installationId}:${repository.owner}`.toLowerCase(), () =>
            readNames(github, repository, kind),
          )
        : readNames(github, repository, kind),
    hasAccount: (repository, login) =>
      accounts.get(`${repository.installationId}:${login}`.toLowerCase(), () =>
        readHasAccount(github, repository, login),
      ),
    issue: (repository, number) => readIssue(github, repository, number),
    issueText: (repository, number) => readIssueText(github, repository, number),
    pullRequest: (repository, number) => readPullRequest(github, repository, number),
    pullRequestsOfCommit: (repository, sha) => readPullRequestsOfCommit(github, repository, sha),
    isMergeByHand: (repository, sha) => isMergeByHand(github, repository, sha),
    recentlyMerged: (repository, most) => readRecentlyMerged(github, repository, most),
    requiredChecks: (repository, branch) => readRequiredChecks(github, repository, branch),
    activity: (question) => readActivity(github, question),
    hidden: (question) => readHidden(github, question),
    countingCalls,
    appSlug: () => readAppSlug(github),
    outages: github.outages,
    clockAhead: () => github.toServerTime(0),
  };
}
