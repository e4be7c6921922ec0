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

/** What goes out, with the pull requests that brought it. */
export interface RangeWithPulls {
  readonly range: DeployedRange;
  readonly pulls: readonly DeployedPullRequest[];
  /** SHAs of commits that no pull request brought, whole and merged onto the branch that goes out. */
  readonly bare: readonly string[];
}

/** `undefined` while it has not been read. */
export function rangeWithPulls(ask: Ask): RangeWithPulls | undefined {
  const range = ask(deployedRange.need());
  if (range === undefined) return undefined;
  // Nothing new goes out: nobody has to be asked who brought it.
  const pulls = range.commits.length === 0 ? [] : ask(deployedPullRequests.need());
  if (pulls === undefined) return undefined;
  return { range, pulls, bare: bareOf(range.commits, pulls) };
}

/** What runs there and is not in what goes out, with the pull requests that brought it. */
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

/** Whether the pull request, as it was judged, is in what goes out, by a branch that goes out. */
export const isBrought = ({ elsewhere, unfinished }: DeployedPullRequest): boolean =>
  elsewhere === undefined && unfinished === undefined;

/** The pull request whose head or merge commit the deployed commit is: a label on any other one says nothing of it. */
export const pullThatBecame = (
  pulls: readonly DeployedPullRequest[],
  sha: string,
): DeployedPullRequest | null =>
  pulls.findLast((pull) => pull.unfinished === undefined && pull.commits.includes(sha)) ?? null;
