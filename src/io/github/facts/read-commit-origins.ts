import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { CommitIdentity } from "#core/facts/pull-request.ts";
import type { GitHub } from "../client/client.ts";
import { anotherDoorMayOpen } from "../client/connection.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { fromGraphqlCommit, graphqlCommit, namesAllAuthors } from "./parse-commits.ts";

/** A pull request that holds a commit, whatever became of it. */
export interface CommitOrigin {
  readonly number: number;
  readonly merged: boolean;
  readonly headSha: string;
  /** What it became on its base branch; null before the merge. */
  readonly mergeSha: string | null;
}

export interface OriginsOfCommit {
  readonly pulls: readonly CommitOrigin[];
  /** As GraphQL maps them, co-authors by their addresses too; null where only REST answered. */
  readonly people: readonly CommitIdentity[] | null;
}

/** Commits asked about in one query. */
const perQuery = 40;
/** By REST each commit is a call of its own: a server without GraphQL is not asked about more than this. */
const mostByRest = 100;
const atOnce = 8;

const gitActor = "{ name email user { login databaseId } }";
const fields = `oid message parents(first: 1) { totalCount } authors(first: 20) { totalCount nodes ${gitActor} } committer ${gitActor} signature { isValid } associatedPullRequests(first: 20) { totalCount nodes { number merged headRefOid mergeCommit { oid } } }`;
const origin = z
  .object({
    number: z.number(),
    merged: z.boolean(),
    headRefOid: z.string(),
    mergeCommit: z.object({ oid: z.string() }).nullish(),
  })
  .transform(({ number, merged, headRefOid, mergeCommit }): CommitOrigin => ({
    number,
    merged,
    headSha: headRefOid,
    mergeSha: merged ? (mergeCommit?.oid ?? null) : null,
  }));
const commit = graphqlCommit.extend({
  associatedPullRequests: z.object({ totalCount: z.number(), nodes: z.array(origin) }),
});
const answer = z.object({ repository: z.record(z.string(), commit.nullable()) });
const restPulls = z.array(
  z.object({
    number: z.number(),
    merged_at: z.string().nullish(),
    merge_commit_sha: z.string().nullish(),
    head: z.object({ sha: z.string() }),
  }),
);

/** SHAs are GitHub's own: nothing of a stranger's gets into the query. */
async function byGraphql(
  github: GitHub,
  repository: RepositoryRecord,
  shas: readonly string[],
): Promise<ReadonlyMap<string, OriginsOfCommit>> {
  const found = new Map<string, OriginsOfCommit>();
  for (let from = 0; from < shas.length; from += perQuery) {
    const part = shas.slice(from, from + perQuery);
    const asked = part.map(
      (sha, index) =>
        `c${index}: object(oid: "${sha.replace(/[^0-9a-f]/gi, "")}") { ... on Commit { ${fields} } }`,
    );
    const { repository: commits } = await github.graphql(asRepository(repository), {
      query: `query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${asked.join("\n")} } }`,
      variables: { owner: repository.owner, name: repository.name },
      schema: answer,
    });
    for (const [index, sha] of part.entries()) {
      const one = commits[`c${index}`] ?? null;
      if (one === null)
        throw new GitHubError("invalid", `GitHub does not say who brought ${sha.slice(0, 7)}`);
      const { nodes, totalCount } = one.associatedPullRequests;
      if (nodes.length < totalCount || !namesAllAuthors(one))
        throw new GitHubError("incomplete", `not all that is behind ${sha.slice(0, 7)} is shown`);
      const { authors, committer } = fromGraphqlCommit(one);
      found.set(sha, {
        pulls: nodes,
        people: [...authors, ...(committer === null ? [] : [committer])],
      });
    }
  }
  return found;
}

async function byRest(
  github: GitHub,
  repository: RepositoryRecord,
  shas: readonly string[],
): Promise<ReadonlyMap<string, OriginsOfCommit>> {
  if (shas.length > mostByRest)
    throw new GitHubError(
      "incomplete",
      `${shas.length} commits go out; without GraphQL at most ${mostByRest} are looked up`,
    );
  const found = new Map<string, OriginsOfCommit>();
  for (let from = 0; from < shas.length; from += atOnce) {
    await Promise.all(
      shas.slice(from, from + atOnce).map(async (sha) => {
        const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
          owner: repository.owner,
          repo: repository.name,
          commit_sha: sha,
          per_page: 100,
        });
        const { data } = await github.rest(asRepository(repository), request, restPulls);
        const pulls = data.map(({ number, merged_at, merge_commit_sha, head }) => {
          const merged = typeof merged_at === "string";
          return {
            number,
            merged,
            headSha: head.sha,
            mergeSha: merged ? (merge_commit_sha ?? null) : null,
          };
        });
        found.set(sha, { pulls, people: null });
      }),
    );
  }
  return found;
}

/** The pull requests that hold each of the commits, open and closed ones too, and who made the commit. */
export async function readCommitOrigins(
  github: GitHub,
  repository: RepositoryRecord,
  shas: readonly string[],
): Promise<ReadonlyMap<string, OriginsOfCommit>> {
  if (shas.length === 0) return new Map();
  return byGraphql(github, repository, shas).catch((error: unknown) => {
    if (anotherDoorMayOpen(error)) return byRest(github, repository, shas);
    throw error;
  });
}
