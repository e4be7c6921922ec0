import { z } from "zod";
import type { ChangedFile } from "#core/formats/coverage/patch.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "#io/github/client/client.ts";
import { listCaps } from "#io/github/client/caps.ts";
import { GitHubError } from "#io/github/client/github-error.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { restFile } from "../parse-files.ts";
import { once } from "../subject-source.ts";
import type { Change } from "./evidence-cache.ts";
import { patchedFile } from "./read-diff.ts";

const shape = z.object({
  html_url: z.string().nullish(),
  merge_base_commit: z.object({ sha: z.string() }),
  files: z.array(restFile).nullish(),
});

/** What a merge group brings onto its base branch: its own commit against the branch, whatever pull requests are in it. */
export function groupChange(
  github: GitHub,
  repository: RepositoryRecord,
  baseRef: string,
  headSha: string,
): Change {
  const compared = once(async () => {
    const request = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
      owner: repository.owner,
      repo: repository.name,
      basehead: `${baseRef}...${headSha}`,
      per_page: 1,
      page: 1,
    });
    return (await github.rest(asRepository(repository), request, shape)).data;
  });
  return {
    baseRef: async () => baseRef,
    mergeBase: async () => (await compared()).merge_base_commit.sha,
    ends: async () => {
      const { merge_base_commit, html_url } = await compared();
      return { base: merge_base_commit.sha, head: headSha, url: html_url ?? null };
    },
    diff: async (): Promise<readonly ChangedFile[]> => {
      const files = (await compared()).files;
      if (files === null || files === undefined)
        throw new GitHubError(
          "incomplete",
          "the comparison of the merge group with its base shows no files",
        );
      if (files.length >= listCaps.comparisonFiles)
        throw new GitHubError(
          "incomplete",
          `the merge group changes ${listCaps.comparisonFiles} files or more; GitHub's comparison shows no more`,
        );
      return files.map(patchedFile);
    },
  };
}
