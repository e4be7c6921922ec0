import { z } from "zod";
import { listCaps } from "../client/caps.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { countedPages, readTwice } from "./counted-pages.ts";
import { restFile, type RestFile } from "./parse-files.ts";
import type { PullSource } from "./subject-source.ts";

const page = z.array(restFile);

/** The REST list of changed files, counted against the pull request's own number; complete or "incomplete". */
export async function listFiles<Kept>(
  source: PullSource,
  what: string,
  keep: (row: RestFile) => Kept,
): Promise<readonly Kept[]> {
  const { github, repository, number } = source;
  let expected = (await source.pull()).changedFiles;
  return readTwice(what, async () => {
    expected ??= (await source.restPull()).changedFiles;
    if (expected === null)
      throw new GitHubError("invalid", "the pull request's answer does not count its files");
    if (expected > listCaps.pullRequestFiles)
      throw new GitHubError(
        "incomplete",
        `${expected} files changed; GitHub lists at most ${listCaps.pullRequestFiles}`,
      );
    const files = await countedPages(
      github,
      asRepository(repository),
      (index) =>
        github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", {
          owner: repository.owner,
          repo: repository.name,
          pull_number: number,
          per_page: 100,
          page: index,
        }),
      page,
      (rows) => rows.map(keep),
      expected,
    );
    expected = null;
    return files;
  });
}
