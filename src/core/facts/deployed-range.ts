import type { Person } from "#core/model/actor.ts";
import type { DecisionKind } from "#core/model/decision.ts";
import { defineFact } from "#core/model/fact.ts";
import type { CommitIdentity } from "./pull-request.ts";
import { whenPastIsIncomplete } from "./deployments.ts";

/** What goes out is counted from what ran before: either may be more than is looked at. */
export const whenRangeIsIncomplete = `Where too many commits go out at once, somebody deploys one in between first. Where no earlier deployment is proven to have run: ${whenPastIsIncomplete}`;

/** One commit that is deployed. `people`: author, co-authors and committer, without GitHub itself. */
export interface DeployedCommit {
  readonly sha: string;
  /** First line of the message. */
  readonly subject: string;
  readonly url: string | null;
  readonly people: readonly CommitIdentity[];
}

/** What the deployment brings to the environment, oldest first. */
export interface DeployedRange {
  /**
   * What runs there, or, where the commit never ran there and does not stand on that, the newest that did and that it
   * stands on. null: nothing is proven to have run there that it stands on; then the commits are the deployed one alone,
   * and more of it may be new there.
   */
  readonly since: { readonly sha: string; readonly at: number } | null;
  /**
   * `behind`: older than what runs; nothing new goes out where it is proven to have run there.
   * `diverged`: the environment runs commits that this one lacks.
   */
  readonly relation: "ahead" | "behind" | "diverged" | "same" | "first";
  readonly commits: readonly DeployedCommit[];
}

export const deployedRange = defineFact<void, DeployedRange>({
  name: "deployed_range",
  summary:
    "The commits since the last successful deployment to the environment that the deployed one stands on, complete or not at all.",
  changedBy: ["deployment_status.created"],
  permissions: ["contents", "deployments"],
  cost: 3,
  whenIncomplete: whenRangeIsIncomplete,
  describe: () => "the commits that go out",
});

/** A merged pull request that brought commits of the range, and this gate's decision on its last head. */
export interface DeployedPullRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly author: Person | null;
  readonly mergedBy: Person | null;
  readonly approvedBy: readonly Person[];
  /**
   * Set where it was merged onto another branch than the one that is deployed: its commits were not judged by the
   * rules of this one.
   */
  readonly elsewhere?: string | undefined;
  /** Neither the head that was merged nor its merge commit is deployed, only earlier commits of it, which nobody judged. */
  readonly unfinished?: true | undefined;
  /** Commits of the range that it brought. */
  readonly commits: readonly string[];
  /** null: this gate never judged the head that was merged, onto the base it was merged onto. */
  readonly gate: GateWord | null;
}

/** The gate's decision on a merged pull request. */
export interface GateWord {
  readonly kind: DecisionKind;
  readonly overrides: readonly string[];
  /**
   * The branch is not the default branch and does not require our check, and not every rule of the default branch
   * applied to it.
   */
  readonly unruled?: true | undefined;
  /** It was judged as a draft only, and a rule for what is ready never looked at it. */
  readonly asDraft?: true | undefined;
}

export const deployedPullRequests = defineFact<void, readonly DeployedPullRequest[]>({
  name: "deployed_pull_requests",
  summary:
    "The merged pull requests behind the commits that go out, and the gate's decision on each.",
  changedBy: ["deployment_status.created", "pull_request.closed"],
  permissions: ["contents", "pull_requests"],
  cost: 3,
  whenIncomplete: whenRangeIsIncomplete,
  describe: () => "the pull requests of the commits that go out",
});

/** Needed only while a freeze is on: going back changes the environment as much as going forward. */
export const undoneCommits = defineFact<void, readonly DeployedCommit[]>({
  name: "undone_commits",
  summary: "The commits that run in the environment now and are not in the deployed one.",
  changedBy: ["deployment_status.created"],
  permissions: ["contents", "deployments"],
  cost: 3,
  describe: () => "the commits that are undone",
});

export const undonePullRequests = defineFact<void, readonly DeployedPullRequest[]>({
  name: "undone_pull_requests",
  summary: "The merged pull requests behind the commits that are undone.",
  changedBy: ["deployment_status.created", "pull_request.closed"],
  permissions: ["contents", "pull_requests"],
  cost: 3,
  describe: () => "the pull requests of the commits that are undone",
});
