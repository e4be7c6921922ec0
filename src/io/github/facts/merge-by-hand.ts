import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { asRepository } from "../client/requests.ts";
import { isWebFlow } from "./person.ts";
import { compareChanges, readHeadChange } from "./read-same-diff.ts";

/** How a commit came about. */
export interface MadeCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  /** GitHub itself made and signed it. A server of one's own may sign nothing. */
  readonly byGitHub: boolean;
}

const shape = z.object({
  sha: z.string(),
  parents: z.array(z.object({ sha: z.string() })),
  committer: z.object({ login: z.string().nullish() }).nullish(),
  commit: z.object({
    committer: z.object({ email: z.string().nullish() }).nullish(),
    verification: z.object({ verified: z.boolean() }).nullish(),
  }),
});

export async function readMadeCommit(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
): Promise<MadeCommit> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}", {
    owner: repository.owner,
    repo: repository.name,
    ref: sha,
  });
  const { data } = await github.rest(asRepository(repository), request, shape);
  return {
    sha,
    parents: data.parents.map((parent) => parent.sha),
    byGitHub:
      data.commit.verification?.verified === true &&
      isWebFlow(data.committer?.login, data.commit.committer?.email),
  };
}

/**
 * Whether a merge changes, against its first parent, what its second one brings, and nothing else. A conflict that
 * somebody resolved is more than that.
 */
export async function isCleanMerge(
  github: GitHub,
  repository: RepositoryRecord,
  { sha, parents }: MadeCommit,
): Promise<boolean> {
  const [first, second] = parents;
  if (first === undefined || second === undefined || parents.length > 2) return false;
  const [brought, made] = await Promise.all([
    readHeadChange(github, repository, first, second),
    readHeadChange(github, repository, first, sha),
  ]);
  const { same } = await compareChanges(
    github,
    repository,
    { ...brought, sha: second },
    { ...made, sha },
  );
  return same;
}

/** Whether somebody made this merge commit outside GitHub, with more in it than it merges. */
export async function isMergeByHand(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
): Promise<boolean> {
  const made = await readMadeCommit(github, repository, sha);
  if (made.parents.length < 2 || made.byGitHub) return false;
  return !(await isCleanMerge(github, repository, made));
}
