import {
  deployedPullRequests,
  deployedRange,
  type DeployedPullRequest,
  type DeployedRange,
} from "#core/facts/deployed-range.ts";
import type { Ask } from "#core/facts/ask.ts";

/** What goes out, with the pull requests that brought it. */
export interface RangeWithPulls {
  readonly range: DeployedRange;
  readonly pulls: readonly DeployedPullRequest[];
  /** SHAs of commits that no pull request brought that was merged onto the branch that goes out. */
  readonly bare: readonly string[];
}

/** `undefined` while it has not been read. */
export function rangeWithPulls(ask: Ask): RangeWithPulls | undefined {
  const range = ask(deployedRange.need());
  if (range === undefined) return undefined;
  // Nothing new goes out: nobody has to be asked who brought it.
  const pulls = range.commits.length === 0 ? [] : ask(deployedPullRequests.need());
  if (pulls === undefined) return undefined;
  const brought = new Set(
    pulls.flatMap((pull) => (pull.elsewhere === undefined ? pull.commits : [])),
  );
  return {
    range,
    pulls,
    bare: range.commits.map((commit) => commit.sha).filter((sha) => !brought.has(sha)),
  };
}

/** The pull request that deployment commands and labels stand on: that of the deployed commit, else the newest of the range. */
export function pullThatBrought(
  pulls: readonly DeployedPullRequest[],
  range: DeployedRange,
  sha: string,
): DeployedPullRequest | null {
  const own = pulls.filter((pull) => pull.commits.includes(sha)).at(-1);
  if (own !== undefined) return own;
  const newestFirst = range.commits.toReversed();
  for (const commit of newestFirst) {
    const found = pulls.find((pull) => pull.commits.includes(commit.sha));
    if (found !== undefined) return found;
  }
  return null;
}
