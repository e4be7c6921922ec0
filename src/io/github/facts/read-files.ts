import { z } from "zod";
import type { ChangedFile } from "#core/facts/pull-request.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { connection, part } from "../client/connection.ts";
import { countedPages, readTwice } from "./counted-pages.ts";
import {
  fromGraphqlFile,
  fromRestFile,
  graphqlFile,
  lacksPreviousPath,
  restFile,
} from "./parse-files.ts";
import type { PullSource } from "./subject-source.ts";

const shownFiles = connection(graphqlFile);
const filesPage = z.array(restFile);

/** GitHub lists no more files than this. */
const mostFiles = 3_000;

/**
 * Every changed file. The overview serves when all fit one page and none was renamed; GraphQL does not tell the former
 * names, so anything else is read from REST and counted against the pull request's own number.
 */
export async function readFiles(source: PullSource): Promise<readonly ChangedFile[]> {
  const pull = await source.pull();
  const shown = part(shownFiles, (await source.overview())?.pullRequest?.["files"]);
  if (
    shown !== null &&
    !shown.pageInfo.hasNextPage &&
    shown.nodes.length === pull.changedFiles &&
    !shown.nodes.some(lacksPreviousPath)
  ) {
    return shown.nodes.map(fromGraphqlFile);
  }
  const { github, repository, number } = source;
  let expected = pull.changedFiles;
  return readTwice("the changed files", async () => {
    expected ??= (await source.restPull()).changedFiles;
    if (expected === null)
      throw new GitHubError("invalid", "the pull request's answer does not count its files");
    if (expected > mostFiles)
      throw new GitHubError(
        "incomplete",
        `${expected} files changed; GitHub lists at most ${mostFiles}`,
      );
    const files = await countedPages(
      github,
      asRepository(repository),
      (page) =>
        github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", {
          owner: repository.owner,
          repo: repository.name,
          pull_number: number,
          per_page: 100,
          page,
        }),
      filesPage,
      (rows) => rows.map(fromRestFile),
      expected,
    );
    expected = null;
    return files;
  });
}
