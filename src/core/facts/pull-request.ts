import type { Person } from "#core/model/actor.ts";
import { defineFact } from "#core/model/fact.ts";
import { diffChanges } from "./diff-changes.ts";

/** The identity of a pull request: who, from where, onto what. Every shape of GitHub's is normalised here. */
export interface PullRequestFact {
  readonly number: number;
  readonly url: string;
  /** null: the account is gone (GitHub shows "ghost"). */
  readonly author: Person | null;
  readonly state: "open" | "closed" | "merged";
  readonly draft: boolean;
  /** The branch for whose rules GitHub holds it: its stack's base where it is in a stack, else its own. */
  readonly baseRef: string;
  /** The branch it is opened onto, where a stack makes `baseRef` another one. */
  readonly directBaseRef?: string | undefined;
  /** The commit of its own base that GitHub notes with it. */
  readonly baseSha: string;
  readonly headRef: string;
  readonly headSha: string;
  /** null: the fork was deleted. */
  readonly headRepository: number | null;
  readonly fork: boolean;
  readonly createdAt: number;
  /** People named by commits of earlier heads, as far as they were seen; left out if there are none. */
  readonly earlierContributors?: readonly Person[] | undefined;
  /** Who asked a coding agent for it, by GitHub's timeline; left out where GitHub tells of nobody. */
  readonly askedBy?: readonly Person[] | undefined;
  /** Epoch ms at which the base was last changed to another branch, or rewritten; left out where it never was. */
  readonly baseChangedAt?: number | undefined;
  /** Whether the branch itself was force-pushed, deleted or recreated then. */
  readonly baseRewritten?: boolean | undefined;
  /** Why it cannot be told whether the base was changed; then no approval is known to be given after it. */
  readonly baseHistoryUnknown?: string | undefined;
}

/** The branch that its diff is taken against. */
export const directBaseOf = (pull: Pick<PullRequestFact, "baseRef" | "directBaseRef">): string =>
  pull.directBaseRef ?? pull.baseRef;

export const pullRequest = defineFact<void, PullRequestFact>({
  name: "pull_request",
  summary: "Author, base, head, state and origin of the pull request.",
  changedBy: [
    "pull_request.opened",
    "pull_request.reopened",
    "pull_request.synchronize",
    "pull_request.edited",
    "pull_request.stacked",
    "pull_request.closed",
    "merge_group.checks_requested",
  ],
  permissions: ["pull_requests"],
  cost: "overview",
  describe: () => "the pull request",
});

export const draftState = defineFact<void, boolean>({
  name: "draft",
  summary: "Whether the pull request is a draft.",
  changedBy: [
    "pull_request.converted_to_draft",
    "pull_request.ready_for_review",
    "pull_request.opened",
    "pull_request.reopened",
  ],
  permissions: ["pull_requests"],
  cost: "overview",
  describe: () => "the draft state",
});

export interface TextFact {
  readonly title: string;
  readonly body: string;
}

export const text = defineFact<void, TextFact>({
  name: "text",
  summary: "Title and body of the pull request.",
  changedBy: ["pull_request.opened", "pull_request.reopened", "pull_request.edited"],
  permissions: ["pull_requests"],
  cost: "overview",
  describe: () => "the title and body",
});

export interface LabelFact {
  readonly name: string;
}

export const labels = defineFact<void, readonly LabelFact[]>({
  name: "labels",
  summary: "Labels that stand on the pull request.",
  changedBy: [
    "pull_request.labeled",
    "pull_request.unlabeled",
    "pull_request.opened",
    "pull_request.reopened",
    // Renamed or deleted for the whole repository: no pull request is told of that.
    "label.edited",
    "label.deleted",
  ],
  permissions: ["pull_requests"],
  cost: "overview",
  describe: () => "the labels",
});

/** One changed file. `previousPath` for renames and copies; `patch` (unified, without header) where it was read and GitHub gives one. */
export interface ChangedFile {
  readonly path: string;
  readonly previousPath?: string | undefined;
  readonly status:
    "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  readonly additions: number;
  readonly deletions: number;
}

export const changedFiles = defineFact<void, readonly ChangedFile[]>({
  name: "files",
  summary: "Every changed file, complete or not at all (GitHub lists at most 3,000).",
  changedBy: [...diffChanges, "merge_group.checks_requested"],
  permissions: ["pull_requests"],
  cost: "overview",
  describe: () => "the changed files",
});

/** Who made a commit, as far as GitHub can tell. `person` is null when the e-mail maps to no account. */
export interface CommitIdentity {
  readonly person: Person | null;
  readonly name: string;
}

export interface CommitFact {
  readonly sha: string;
  readonly message: string;
  readonly parents: number;
  /** Author and co-authors. */
  readonly authors: readonly CommitIdentity[];
  /** null: GitHub itself (web-flow) committed. */
  readonly committer: CommitIdentity | null;
  /** GitHub verified the signature. */
  readonly verified: boolean;
  /** It merges the base in and adds nothing of its own, so that it is nobody's work; left out where that was not proved. */
  readonly cleanMerge?: true | undefined;
}

export const commits = defineFact<void, readonly CommitFact[]>({
  name: "commits",
  summary: "Every commit of the pull request, second parents included, complete or not at all.",
  changedBy: [...diffChanges, "merge_group.checks_requested"],
  permissions: ["pull_requests", "contents"],
  cost: "overview",
  describe: () => "the commits",
});

export const pushers = defineFact<void, readonly Person[]>({
  name: "pushers",
  summary:
    "Who pushed to the head branch, by GitHub's own record (not by git's author lines, which anybody can write).",
  changedBy: ["pull_request.synchronize", "pull_request.opened", "pull_request.reopened"],
  permissions: ["contents"],
  cost: "single",
  whenIncomplete:
    "The author closes the pull request and opens a new one from the same branch: what that begins with is the opener's.",
  describe: () => "who pushed to the branch",
});

export const behindBase = defineFact<void, number>({
  name: "behind",
  summary: "How many commits of the base branch the head does not contain.",
  changedBy: [
    "pull_request.opened",
    "pull_request.reopened",
    "pull_request.synchronize",
    "pull_request.edited",
    "pull_request.stacked",
    "push",
  ],
  permissions: ["contents"],
  cost: "single",
  describe: () => "how far the branch is behind its base",
});

export const linkedIssues = defineFact<void, readonly number[]>({
  name: "linked_issues",
  summary: "Issues that the pull request will close.",
  changedBy: ["pull_request.opened", "pull_request.reopened", "pull_request.edited"],
  permissions: ["pull_requests", "issues"],
  cost: "overview",
  describe: () => "the linked issues",
});

/** A text file of the head commit; null where it does not exist there. */
export const headFile = defineFact<string, string | null>({
  name: "head_file",
  summary: "The text of one file at the head commit.",
  changedBy: ["pull_request.opened", "pull_request.reopened", "pull_request.synchronize"],
  permissions: ["contents"],
  cost: "single",
  describe: (path) => `the file ${path} at the head commit`,
});

/** For files that the change does not touch: the base's version is the one that would be merged. */
export const baseFile = defineFact<string, string | null>({
  name: "base_file",
  summary: "The text of one file at the tip of the base branch.",
  changedBy: [
    "push",
    "pull_request.opened",
    "pull_request.reopened",
    "pull_request.edited",
    "pull_request.stacked",
  ],
  permissions: ["contents"],
  cost: 3,
  describe: (path) => `the file ${path} on the base branch`,
});
