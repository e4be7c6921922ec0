import { z } from "zod";
import type { CommitFact } from "#core/facts/pull-request.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { completed, isUnusable, part } from "../client/connection.ts";
import { countedPages, readTwice } from "./counted-pages.ts";
import {
  fromGraphqlCommit,
  fromRestCommits,
  namesAllAuthors,
  restCommit,
  type ListedCommit,
  type RestCommit,
} from "./parse-commits.ts";
import { commitsPage } from "./commits-in-overview.ts";
import { listCaps } from "../client/caps.ts";
import { moreCommitsQuery } from "./overview-query.ts";
import type { PullSource } from "./subject-source.ts";

/** A pull request of more commits is not read to the end. */
const mostCompared = 5_000;

const morePage = z.object({
  repository: z.object({ pullRequest: z.object({ list: commitsPage }) }),
});
const listPage = z.array(restCommit);
const comparison = z.object({ total_commits: z.number(), commits: z.array(restCommit) });

const holdsHead = (commits: readonly CommitFact[], head: string): boolean =>
  commits.some((commit) => commit.sha === head);

/** Every commit, second parents included, the head among them: a list without the head is of another moment. */
export async function readCommits(source: PullSource): Promise<readonly ListedCommit[]> {
  const { pullRequest, commits: count } = await source.pull();
  const shown = await shownCommits(source);
  if (shown !== null && holdsHead(shown, pullRequest.headSha)) return shown;
  let expected = count;
  const commits = await readTwice("the commits", async () => {
    expected ??= (await source.restPull()).commits;
    if (expected === null)
      throw new GitHubError("invalid", "the pull request's answer does not count its commits");
    const list =
      expected < listCaps.pullRequestCommits
        ? await listed(source, expected)
        : await compared(source, pullRequest.baseSha, pullRequest.headSha);
    expected = null;
    return list !== null && list.some(({ sha }) => sha === pullRequest.headSha) ? list : null;
  });
  return fromRestCommits(commits);
}

/** By GraphQL, which alone knows whose addresses co-authors have; null where it does not show all of them. */
async function shownCommits(source: PullSource): Promise<readonly ListedCommit[] | null> {
  const first = part(commitsPage, (await source.overview())?.pullRequest?.["commits"]);
  if (first === null || first.totalCount >= listCaps.pullRequestCommits) return null;
  try {
    const nodes = await completed("the commits", first, async (after) => {
      const { github, repository, number } = source;
      const data = await github.graphql(asRepository(repository), {
        query: moreCommitsQuery,
        variables: { owner: repository.owner, name: repository.name, number, after },
        schema: morePage,
      });
      return data.repository.pullRequest.list;
    });
    return nodes.every(({ commit }) => namesAllAuthors(commit))
      ? nodes.map(({ commit }) => fromGraphqlCommit(commit))
      : null;
  } catch (error) {
    if (isUnusable(error)) return null;
    throw error;
  }
}

function listed(source: PullSource, expected: number): Promise<readonly RestCommit[] | null> {
  const { github, repository, number } = source;
  return countedPages(
    github,
    asRepository(repository),
    (page) =>
      github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}/commits", {
        owner: repository.owner,
        repo: repository.name,
        pull_number: number,
        per_page: 100,
        page,
      }),
    listPage,
    (rows) => rows,
    expected,
  );
}

async function compared(
  source: PullSource,
  base: string,
  head: string,
): Promise<readonly RestCommit[] | null> {
  const { github, repository } = source;
  const as = asRepository(repository);
  const page = (number: number) =>
    github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
      owner: repository.owner,
      repo: repository.name,
      basehead: `${base}...${head}`,
      per_page: 100,
      page: number,
    });
  const { data } = await github.rest(as, page(1), z.object({ total_commits: z.number() }));
  if (data.total_commits > mostCompared)
    throw new GitHubError(
      "incomplete",
      `${data.total_commits} commits; at most ${mostCompared} are read`,
    );
  return countedPages(github, as, page, comparison, (answer) => answer.commits, data.total_commits);
}
