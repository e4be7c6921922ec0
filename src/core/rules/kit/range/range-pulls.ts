import {
  deployedPullRequests,
  deployedRange,
  undoneCommits,
  undonePullRequests,
  type DeployedCommit,
  type DeployedPullRequest,
  type DeployedRange,
} from "#core/facts/deployed-range.ts";
import type { Ask } from "#core/facts/ask.ts";

/** The deployed range, with the pull requests that brought its commits. */
export interface RangeWithPulls {
  readonly range: DeployedRange;
  readonly pulls: readonly DeployedPullRequest[];
  /** SHAs of commits that no pull request brought, completely and merged onto the deployed branch. */
  readonly bare: readonly string[];
}

/** `undefined` while it has not been read. */
export function rangeWithPulls(ask: Ask): RangeWithPulls | undefined {
  const range = ask(deployedRange.need());
  if (range === undefined) return undefined;
  // Nothing new is deployed, so no pull requests are read.
  const pulls = range.commits.length === 0 ? [] : ask(deployedPullRequests.need());
  if (pulls === undefined) return undefined;
  return { range, pulls, bare: bareOf(range.commits, pulls) };
}

/** Commits that run there and are not in the deployed commit, with the pull requests that brought them. */
export function undoneWithPulls(ask: Ask): Omit<RangeWithPulls, "range"> | undefined {
  const commits = ask(undoneCommits.need());
  if (commits === undefined) return undefined;
  const pulls = commits.length === 0 ? [] : ask(undonePullRequests.need());
  return pulls && { pulls, bare: bareOf(commits, pulls) };
}

function bareOf(
  commits: readonly DeployedCommit[],
  pulls: readonly DeployedPullRequest[],
): readonly string[] {
  const brought = new Set(pulls.flatMap((pull) => (isBrought(pull) ? pull.commits : [])));
  return commits.map(({ sha }) => sha).filter((sha) => !brought.has(sha));
}

/** Whether the deployed commit contains the pull request as it was judged, merged onto the deployed branch. */
export const isBrought = ({ elsewhere, unfinished }: DeployedPullRequest): boolean =>
  elsewhere === undefined && unfinished === undefined;

/** The pull request whose head or merge commit is deployed; labels of other pull requests do not count for it. */
export const pullThatBecame = (
  pulls: readonly DeployedPullRequest[],
  sha: string,
): DeployedPullRequest | null =>
  pulls.findLast((pull) => pull.unfinished === undefined && pull.commits.includes(sha)) ?? null;
