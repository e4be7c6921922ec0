import type { CheckFact } from "#core/facts/checks.ts";

export interface ReportingAsked {
  /** The branch the change goes to. */
  readonly base: string;
  /** The judged commit. */
  readonly head: string;
  /** With the earlier commits of that pull request. */
  readonly pull?: number | undefined;
}

/** What reported on one commit. */
export interface ReportsOf {
  readonly checks: readonly CheckFact[];
  /** There are more than are shown. */
  readonly isCut: boolean;
}

/** A file of `.github/workflows`; `text` null: GitHub does not show it. */
export interface WorkflowText {
  readonly name: string;
  readonly text: string | null;
}

export interface MergedPull {
  readonly number: number;
  readonly mergedAt: string | undefined;
  readonly author: string | undefined;
  /** On its head. Of candidates only the newest are asked. */
  readonly reports: () => Promise<ReportsOf>;
}

/** What either API shows of what reports checks in a repository. */
export interface ReportingSeen {
  readonly tip: ReportsOf;
  readonly base: readonly WorkflowText[];
  readonly head: readonly WorkflowText[];
  /** Candidates for those merged last, each once, in no order. */
  readonly merged: readonly MergedPull[];
  /** On the last commits of the pull request itself. */
  readonly own: readonly ReportsOf[];
}

/** GitHub does not sort by the instant of merging: so many are candidates, by either order that it knows. */
export const candidates = 25;

/** How many commits of the pull request itself are looked at. */
export const ownCommits = 10;
