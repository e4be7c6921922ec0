import { z } from "zod";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { basesOf, stackShape } from "./stack.ts";

const branch = z.object({ ref: z.string(), sha: z.string() });
export const pullRow = z.object({
  number: z.number(),
  state: z.enum(["open", "closed"]),
  updated_at: z.string().nullish(),
  stack: stackShape,
  head: branch,
  base: branch.extend({ repo: z.object({ id: z.number() }).nullish() }),
});

function rowOf(repository: RepositoryRecord, pull: z.infer<typeof pullRow>): PullRequestRow {
  const there = pull.base.repo?.id;
  if (there !== undefined && there !== repository.id)
    throw new GitHubError(
      "stale",
      `${repository.owner}/${repository.name} is another repository now`,
    );
  return {
    repository: repository.id,
    number: pull.number,
    headSha: pull.head.sha,
    headRef: pull.head.ref,
    ...basesOf(pull.base.ref, pull.stack),
    state: pull.state,
    stackTold: { asOf: Date.parse(pull.updated_at ?? "") || 0 },
  };
}

/** Oldest first, so that what is opened while pages are read comes at the end. */
export async function readOpenPullRequests(
  github: GitHub,
  repository: RepositoryRecord,
): Promise<readonly PullRequestRow[]> {
  const rows = new Map<number, PullRequestRow>();
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls", {
    owner: repository.owner,
    repo: repository.name,
    state: "open",
    sort: "created",
    direction: "asc",
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository),
    request,
    z.array(pullRow),
    (page) => {
      for (const pull of page) rows.set(pull.number, rowOf(repository, pull));
      return page.length;
    },
    { maxPages: 200 },
  );
  return [...rows.values()];
}

export async function readCurrentHead(
  github: GitHub,
  repository: RepositoryRecord,
  number: number,
): Promise<PullRequestRow> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
    owner: repository.owner,
    repo: repository.name,
    pull_number: number,
  });
  return rowOf(repository, (await github.rest(asRepository(repository), request, pullRow)).data);
}
