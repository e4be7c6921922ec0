import type { OthersAtGitHub } from "#core/deployments/others-at-github.ts";
import type { Person } from "#core/model/actor.ts";
import type { ApiOutage } from "#core/model/outage.ts";
import type { RequiredCheck } from "#core/model/required-check.ts";
import type { Activity, ActivityQuestion } from "#core/sweep/activity.ts";
import type { HiddenAnswer, HiddenQuestion } from "#core/sweep/hidden.ts";
import type { PullRequestRow } from "./pull-request.ts";
import type { RepositoryRecord } from "./repository.ts";

/** A file that may stand at one of several places, and at one only. `paths`: those where something stands. */
export type PlacedFileRead =
  | (Exclude<FileRead, { readonly kind: "absent" }> & { readonly path: string })
  | { readonly kind: "absent" }
  | { readonly kind: "several"; readonly paths: readonly string[]; readonly blobSha: string };

/** A file of a default branch. `kind` "other": a symlink, submodule or directory stands there. */
export type FileRead =
  | { readonly kind: "file"; readonly blobSha: string; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "other"; readonly what: string }
  | { readonly kind: "too_large"; readonly bytes: number };

/** What else the flows ask GitHub. All methods throw `GatehouseError`. */
export interface GitHubReader {
  /** A file at a ref; the default branch when `ref` is null. */
  readonly readFile: (
    repository: RepositoryRecord,
    path: string,
    ref: string | null,
  ) => Promise<FileRead>;
  /** The one file that stands at one of these paths of one folder. */
  readonly readOneOf: (
    repository: RepositoryRecord,
    paths: readonly string[],
    ref: string | null,
  ) => Promise<PlacedFileRead>;
  /** A repository of the same installation by name; null when it does not exist or the App cannot see it. */
  readonly findRepository: (
    installationId: number,
    owner: string,
    name: string,
  ) => Promise<RepositoryRecord | null>;
  /** The installation that has a repository; null where the App is not installed there (or there is no such repository). */
  readonly installationOf: (owner: string, name: string) => Promise<number | null>;
  /** The full SHA of a commit, by as much of it as names it; null when there is none. */
  readonly commit: (repository: RepositoryRecord, sha: string) => Promise<string | null>;
  /** The newest deployment of a commit to an environment that has not run yet; null when none waits. */
  readonly unstartedDeployment: (
    repository: RepositoryRecord,
    environment: string,
    sha: string,
  ) => Promise<DeploymentSeen | null>;
  readonly openPullRequests: (repository: RepositoryRecord) => Promise<readonly PullRequestRow[]>;
  /** Head, base and state now: the read before a green. */
  readonly currentHead: (repository: RepositoryRecord, number: number) => Promise<PullRequestRow>;
  readonly installations: () => Promise<readonly InstallationRecord[]>;
  readonly repositoriesOf: (installationId: number) => Promise<readonly RepositoryRecord[]>;
  readonly failedDeliveries: (
    since: number,
  ) => Promise<readonly { readonly id: number; readonly guid: string }[]>;
  readonly redeliver: (deliveryId: number) => Promise<void>;
  /** Pull requests queued in a merge group, from its head ref and the queue's entries. */
  readonly mergeGroupMembers: (
    repository: RepositoryRecord,
    headRef: string,
    headSha: string,
  ) => Promise<readonly number[]>;
  readonly customProperties: (
    repository: RepositoryRecord,
  ) => Promise<Readonly<Record<string, string | readonly string[]>>>;
  /** The newest deployment that a run made to an environment; null when there is none (yet). */
  readonly deploymentOfRun: (
    repository: RepositoryRecord,
    runId: number,
    environment: string,
  ) => Promise<DeploymentSeen | null>;
  /**
   * Environments whose protection rules a run waits for; empty if it waits for none any more. null: GitHub does not
   * tell, or there is no such run.
   */
  readonly waitingAt: (
    repository: RepositoryRecord,
    runId: number,
  ) => Promise<readonly string[] | null>;
  /** How often this App approved the environment in the run, in all its attempts. null: GitHub does not tell, or there is no such run. */
  readonly approvalsGiven: (
    repository: RepositoryRecord,
    runId: number,
    environment: string,
  ) => Promise<number | null>;
  /** Runs that wait for a protection rule now. */
  readonly waitingRuns: (repository: RepositoryRecord) => Promise<readonly number[]>;
  readonly environments: (repository: RepositoryRecord) => Promise<readonly string[]>;
  /** Whether this App's protection rule is switched on in the environment. */
  readonly isGated: (repository: RepositoryRecord, environment: string) => Promise<boolean>;
  /**
   * What GitHub's own protection rules of the environment (reviewers, wait timer) still wait for in the run; the rules
   * themselves are remembered for minutes. null: GitHub does not tell.
   */
  readonly othersAt: (
    repository: RepositoryRecord,
    runId: number,
    environment: string,
  ) => Promise<OthersAtGitHub | null>;
  /** null: the comment was deleted. */
  readonly comment: (repository: RepositoryRecord, id: number) => Promise<CommentSeen | null>;
  /** The text of a submitted review; null if it does not exist any more. */
  readonly review: (
    repository: RepositoryRecord,
    number: number,
    id: number,
  ) => Promise<CommentSeen | null>;
  /** A team of the repository's owner; null: there is none of that slug. Remembered for some minutes. */
  readonly team: (repository: RepositoryRecord, slug: string) => Promise<TeamSeen | null>;
  /**
   * Names of all the teams of its owner, of its labels, of its environments; null: GitHub does not tell (no permission,
   * or more of them than are read).
   */
  readonly namesOf: (
    repository: RepositoryRecord,
    kind: "team" | "label" | "environment",
  ) => Promise<readonly string[] | null>;
  /** Whether there is an account of that login. */
  readonly hasAccount: (repository: RepositoryRecord, login: string) => Promise<boolean>;
  readonly issue: (repository: RepositoryRecord, number: number) => Promise<IssueSeen | null>;
  /** What is written in an issue, and who had a hand in it; null where it is not there (any more). */
  readonly issueText: (repository: RepositoryRecord, number: number) => Promise<IssueText | null>;
  readonly pullRequest: (
    repository: RepositoryRecord,
    number: number,
  ) => Promise<PullRequestSeen | null>;
  /** Pull requests that a commit belongs to, newest first. */
  readonly pullRequestsOfCommit: (
    repository: RepositoryRecord,
    sha: string,
  ) => Promise<readonly PullRequestOfCommit[]>;
  /** Whether somebody made this merge commit outside GitHub, with more in it than it merges. */
  readonly isMergeByHand: (repository: RepositoryRecord, sha: string) => Promise<boolean>;
  /** The pull requests merged last, newest first. */
  readonly recentlyMerged: (
    repository: RepositoryRecord,
    most: number,
  ) => Promise<readonly MergedPullRequest[]>;
  /** Checks that a branch requires, as far as an App without administration may see. */
  readonly requiredChecks: (
    repository: RepositoryRecord,
    branch: string,
  ) => Promise<readonly RequiredCheck[]>;
  /** What changed in an installation, as cheaply as GitHub tells it: in a call or two for hundreds of pull requests. */
  readonly activity: (question: ActivityQuestion) => Promise<Activity>;
  /** One fact that no digest of the activity shows, as a digest. */
  readonly hidden: (question: HiddenQuestion) => Promise<HiddenAnswer>;
  /** Runs a piece of work and tells how many calls it made. */
  readonly countingCalls: <T>(
    work: () => Promise<T>,
  ) => Promise<{ readonly answer: T; readonly calls: number }>;
  /** APIs that fail more often than they answer, as far as requests went lately. */
  readonly outages: () => readonly ApiOutage[];
  /** The App's own name in mentions. */
  readonly appSlug: () => Promise<string>;
  /** How far GitHub's clock is ahead of this machine's (ms), as its answers told lately. */
  readonly clockAhead: () => number;
}

/** A deployment as GitHub tells it. Instants are epoch ms. */
export interface DeploymentSeen {
  readonly deploymentId: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly createdAt: number;
  /** When GitHub changed it last, as every status does; undefined where nobody asked for that. */
  readonly updatedAt?: number | undefined;
  readonly creator: Person | null;
}

/** A comment as it stands now. Instants are epoch ms of GitHub's clock. */
export interface CommentSeen {
  readonly body: string;
  readonly author: Person | null;
  readonly createdAt: number;
  /** Later than `createdAt`: it was edited. GitHub does not tell it of reviews. */
  readonly updatedAt: number;
  /** Number of the issue or pull request it stands on. */
  readonly issue: number;
  /** An App posts in a person's name. */
  readonly viaApp: boolean;
}

export interface TeamSeen {
  readonly id: number;
  /** Only its members and the organisation's owners see that it is there. */
  readonly isSecret: boolean;
}

export interface IssueSeen {
  readonly state: "open" | "closed";
  /** null: not closed, an account that is gone, or an App in somebody's name. */
  readonly closedBy: Person | null;
  readonly closedAt: number | null;
  readonly stateReason: string | null;
}

/** What stands in an issue and its comments. Hostile text. */
export interface IssueText {
  readonly body: string;
  /** Everybody but its author who changed the body; `null` stands for somebody who cannot be named. */
  readonly editors: readonly (Person | null)[];
  /** The last hundred of people, oldest first: nobody else edited them, and no App wrote them in somebody's name. */
  readonly comments: readonly { readonly by: Person; readonly body: string }[];
}

/** A pull request and what became of it. */
export interface PullRequestSeen {
  readonly state: "open" | "closed" | "merged";
  readonly author: Person | null;
  readonly headSha: string;
  /** The branch that it was held for: its stack's base where it is in a stack, else its own. */
  readonly baseRef: string;
  /** The commit on the base branch; null before the merge. */
  readonly mergeSha: string | null;
  readonly mergedBy: Person | null;
  readonly mergedAt: number | null;
}

/** `mergeSha` null: not merged. */
export interface PullRequestOfCommit {
  readonly number: number;
  readonly headSha: string;
  readonly baseRef: string;
  readonly mergeSha: string | null;
}

export interface MergedPullRequest {
  readonly number: number;
  readonly title: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly mergedAt: number;
}

export interface InstallationRecord {
  readonly id: number;
  readonly account: string;
  readonly accountId: number;
  readonly suspended: boolean;
  readonly permissions: Readonly<Record<string, string>>;
}

/**
 * What GitHub said of our credentials. `credentials`: it refuses them. `github_unreachable`: it did not answer since the
 * start, so that nobody knows; `known_unreachable`: it knew them, and does not answer now.
 */
export interface CredentialsState {
  readonly kind: "known" | "known_unreachable" | "credentials" | "github_unreachable";
  /** What somebody can do about it; null where nothing is to be done. */
  readonly remedy: string | null;
}
