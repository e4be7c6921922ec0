import { z } from "zod";
import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { countedPages, readTwice } from "../counted-pages.ts";
import { restFile, type RestFile } from "../parse-files.ts";
import type { PullSource } from "../subject-source.ts";

const mostFiles = 3_000;

/**
 * A new file whose patch GitHub leaves out for its size still has lines that are all added; a removed file has none.
 * What else has no patch is left so, and is seen to be unreadable.
 */
export function patchedFile(row: RestFile): ChangedFile {
  const additions = row.status === "removed" ? 0 : row.additions;
  const patch =
    row.patch ??
    (row.status === "added" && additions > 0 && additions < 1_000_000
      ? `@@ -0,0 +1,${additions} @@\n${"+\n".repeat(additions)}`
      : undefined);
  return { path: row.filename, additions, ...(patch === undefined ? {} : { patch }) };
}

/** Every changed file with its patch; complete or "incomplete". */
export async function readDiff(source: PullSource): Promise<readonly ChangedFile[]> {
  const { github, repository, number } = source;
  let expected = (await source.pull()).changedFiles;
  return readTwice("the diff", async () => {
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
      z.array(restFile),
      (rows) => rows.map(patchedFile),
      expected,
    );
    expected = null;
    return files;
  });
}
