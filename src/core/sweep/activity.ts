/**
 * What a sweep asks GitHub about one installation, in as few calls as it takes: what is known here and could have
 * changed without a delivery, and what was changed lately and is not known here at all.
 */
export interface ActivityQuestion {
  readonly installationId: number;
  readonly owner: string;
  /** Pull requests changed since this instant of our clock are named, also unknown ones. */
  readonly since: number;
  readonly pulls: readonly PullAsked[];
  /** Policy files, default branch and newest deployments of these. */
  readonly repositories: readonly RepositoryAsked[];
  /** Checks of these commits: what waits to go out. */
  readonly commits: readonly CommitAsked[];
  /** Members of these teams of the owner, by slug. */
  readonly teams: readonly string[];
  /** Open pull requests of each repository are counted as well: it costs a point for each hundred repositories. */
  readonly counting?: boolean;
  /** Parts of one kind in one call; fewer after GitHub did not manage more. */
  readonly perCall: number;
}

export interface RepositoryAsked {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

export interface PullAsked {
  readonly repository: RepositoryAsked;
  readonly number: number;
  /** Its review threads as well: a point for each hundred pull requests, so only where a rule asks for them. */
  readonly threads?: boolean;
  /** It has more than a hundred checks or threads: the last hundred are asked for, too. */
  readonly deep?: boolean;
  /** Its head as it is known, where runs without any job are asked for, too: no check shows them. */
  readonly runsOf?: string | undefined;
  /** It waited in the merge queue when it was last seen: each check of its group, not only how they are on the whole. */
  readonly queued?: boolean;
}

export interface CommitAsked {
  readonly repository: RepositoryAsked;
  readonly sha: string;
}

export interface PullSeen {
  readonly repository: number;
  readonly number: number;
  readonly state: "open" | "closed";
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
}

/** A pull request as the sweep sees it. `digest` changes with anything GitHub tells of it at this price. */
export interface PullActivity extends PullSeen {
  /** The base branch's tip; null: the branch is gone. */
  readonly baseTip: string | null;
  readonly group: {
    readonly headSha: string;
    readonly onto: string;
    readonly checks: string;
  } | null;
  readonly digest: string;
  /** Suites of the head in which no check is: runs that ended, or wait, without a job. null: not asked for, or not told. */
  readonly jobless: { readonly digest: string; readonly isEmpty: boolean } | null;
  /** Which review threads are resolved; null: not asked for, or not told. */
  readonly threads: { readonly digest: string; readonly isEmpty: boolean } | null;
  /** When it changed last (epoch ms of our clock), to the second. */
  readonly updatedAt: number;
  /** More checks or threads than a first hundred. */
  readonly isDeep: boolean;
  /** Who may write and reviewed it, by login. */
  readonly reviewers: readonly string[];
}

/** A pull request that changed lately, with all that was said on it since the question's instant, and a little before. */
export interface RecentPull extends PullSeen {
  /** Epoch ms of our clock. */
  readonly updatedAt: number;
  readonly owner: string;
  readonly name: string;
  readonly comments: readonly RecentComment[];
  /** Bodies of submitted reviews. */
  readonly reviews: readonly RecentReview[];
  readonly author: RecentAuthor | null;
}

export interface RecentAuthor {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Bot" | "Organization" | "Mannequin";
}

export interface RecentComment {
  readonly id: number;
  readonly body: string;
  readonly author: RecentAuthor | null;
  readonly authorAssociation: string;
  /** Epoch ms of GitHub's clock. */
  readonly createdAt: number;
  readonly edited: boolean;
}

/** `createdAt`: when it was submitted. */
export interface RecentReview extends RecentComment {
  readonly commit: string | null;
}

export interface RepositoryActivity {
  readonly repository: number;
  /** Blob SHAs of the policy's two possible names. */
  readonly policy: readonly [string | null, string | null];
  /** null: an empty repository. */
  readonly defaultBranch: { readonly name: string; readonly tip: string } | null;
  readonly archived: boolean;
  readonly private: boolean;
  /** Where they were to be counted. */
  readonly openPulls: number | null;
  /** Newest deployments: ids and states. */
  readonly deployments: string;
}

export interface PushedRepository {
  readonly repository: number;
  readonly owner: string;
  readonly name: string;
  /** Epoch ms of our clock. */
  readonly at: number;
}

export interface Activity {
  readonly recent: readonly RecentPull[];
  /** false: more changed than is named, oldest first; the rest has to be asked for again. */
  readonly isRecentComplete: boolean;
  readonly pulls: readonly PullActivity[];
  /** Asked for and not shown: gone, or out of our sight. */
  readonly missing: readonly PullAsked[];
  readonly repositories: readonly RepositoryActivity[];
  readonly commits: readonly (CommitAsked & { readonly checks: string })[];
  readonly teams: readonly { readonly slug: string; readonly members: string }[];
  /** The owner's repository `.github`, whether it is known here or not; null: none that we see; undefined: not told. */
  readonly above: number | null | undefined;
  /** The owner's repositories that were pushed to last, or made last: known here or not. */
  readonly pushed: readonly PushedRepository[];
  readonly calls: number;
}
