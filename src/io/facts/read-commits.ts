import { z } from "zod";
import type { CommitFact } from "../../core/facts/pull-request.ts";
import { GitHubError } from "../github/github-error.ts";
import { asRepository } from "../github/requests.ts";
import { connection, part } from "../github/connection.ts";
import { countedPages, readTwice } from "./counted-pages.ts";
import {
  fromGraphqlCommit,
  fromRestCommit,
  graphqlCommit,
  namesAllAuthors,
  restCommit,
} from "./parse-commits.ts";
import type { PullSource } from "./subject-source.ts";

/** The pull request's own list ends here; a comparison goes on. */
const mostListed = 250;
const mostCompared = 5_000;

const commitsPage = connection(z.object({ commit: graphqlCommit }));
const listPage = z.array(restCommit);
const comparison = z.object({ total_commits: z.number(), commits: z.array(restCommit) });

const holdsHead = (commits: readonly CommitFact[], head: string): boolean =>
  commits.some((commit) => commit.sha === head);

/** Every commit, second parents included, the head among them: a list without the head is of another moment. */
export async function readCommits(source: PullSource): Promise<readonly CommitFact[]> {
  const { pullRequest, commits: count } = await source.pull();
  const shown = part(commitsPage, (await source.overview())?.pullRequest?.["commits"]);
  if (
    shown !== null &&
    !shown.pageInfo.hasNextPage &&
    shown.nodes.length === shown.totalCount &&
    shown.nodes.every(({ commit }) => namesAllAuthors(commit))
  ) {
    const commits = shown.nodes.map(({ commit }) => fromGraphqlCommit(commit));
    if (holdsHead(commits, pullRequest.headSha)) return commits;
  }
  let expected = count;
  const commits = await readTwice("the commits", async () => {
    expected ??= (await source.restPull()).commits;
    if (expected === null)
      throw new GitHubError("invalid", "the pull request's answer does not count its commits");
    const list =
      expected < mostListed
        ? await listed(source, expected)
        : await compared(source, pullRequest.baseSha, pullRequest.headSha);
    expected = null;
    return list !== null && holdsHead(list, pullRequest.headSha) ? list : null;
  });
  return commits;
}

function listed(source: PullSource, expected: number): Promise<readonly CommitFact[] | null> {
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
    (rows) => rows.map(fromRestCommit),
    expected,
  );
}

async function compared(
  source: PullSource,
  base: string,
  head: string,
): Promise<readonly CommitFact[] | null> {
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
  return countedPages(
    github,
    as,
    page,
    comparison,
    (answer) => answer.commits.map(fromRestCommit),
    data.total_commits,
  );
}
