import { z } from "zod";
import type {
  MergedPullRequest,
  PullRequestOfCommit,
  PullRequestSeen,
} from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { instantOrNull } from "../facts/instant.ts";
import { fromRestUser, restUser } from "../facts/person.ts";
import { basesOf, stackShape } from "./stack.ts";

const pull = z.object({
  number: z.number(),
  state: z.enum(["open", "closed"]),
  user: restUser,
  merged: z.boolean().nullish(),
  merged_at: instantOrNull,
  merged_by: restUser,
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string(), repo: z.object({ id: z.number() }).nullish() }),
  stack: stackShape,
});

/** A pull request with what became of it. `mergeSha` only once it is merged: before, GitHub names a test merge there. */
export async function readPullRequest(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<PullRequestSeen | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
    ...namesOf(repository),
    pull_number: number,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, pull));
  if (answer === null) return null;
  const { data } = answer;
  if (
    data.base.repo !== null &&
    data.base.repo !== undefined &&
    data.base.repo.id !== repository.id
  )
    throw new GitHubError(
      "stale",
      `${repository.owner}/${repository.name} is another repository now`,
    );
  const isMerged = data.merged ?? data.merged_at !== null;
  return {
    state: isMerged ? "merged" : data.state,
    author: fromRestUser(data.user),
    headSha: data.head.sha,
    baseRef: basesOf(data.base.ref, data.stack).baseRef,
    mergeSha: isMerged ? (data.merge_commit_sha ?? null) : null,
    mergedBy: isMerged ? fromRestUser(data.merged_by) : null,
    mergedAt: data.merged_at,
  };
}

const listed = z.object({
  number: z.number(),
  title: z.string(),
  merged_at: instantOrNull,
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }),
});

/** The pull requests merged last, newest first: among those updated last, for GitHub has no list by merge. */
export async function readRecentlyMerged(
  github: GitHub,
  repository: RepositoryRecord,
  most: number,
): Promise<readonly MergedPullRequest[]> {
  const found: MergedPullRequest[] = [];
  if (most === 0) return found;
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls", {
    ...namesOf(repository),
    state: "closed",
    sort: "updated",
    direction: "desc",
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository),
    request,
    z.array(listed),
    (page) => {
      for (const row of page)
        if (row.merged_at !== null)
          found.push({
            number: row.number,
            title: row.title,
            headSha: row.head.sha,
            baseRef: row.base.ref,
            mergedAt: row.merged_at,
          });
      return page.length;
    },
    { maxPages: 10, partWillDo: true, until: () => found.length >= most },
  );
  return found.sort((a, b) => b.mergedAt - a.mergedAt).slice(0, most);
}

const brought = z.object({
  number: z.number(),
  merged_at: instantOrNull,
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }),
  stack: stackShape,
});

/** Pull requests that a commit belongs to, newest first. */
export async function readPullRequestsOfCommit(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
): Promise<readonly PullRequestOfCommit[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
    ...namesOf(repository),
    commit_sha: sha,
    per_page: 100,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, z.array(brought)));
  return (answer?.data ?? [])
    .map((row) => ({
      number: row.number,
      headSha: row.head.sha,
      baseRef: basesOf(row.base.ref, row.stack).baseRef,
      mergeSha: row.merged_at === null ? null : (row.merge_commit_sha ?? null),
    }))
    .sort((a, b) => b.number - a.number);
}
