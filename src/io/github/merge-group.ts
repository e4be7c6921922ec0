import { z } from "zod";
import type { RepositoryRecord } from "../../core/ports.ts";
import type { GitHub } from "./client.ts";
import { connection } from "./connection.ts";
import { GitHubError } from "./github-error.ts";
import { asRepository } from "./requests.ts";

/** What the name of a merge group's branch says: the base branch, the last pull request in the group, what it is built on. */
export function parseQueueRef(
  ref: string,
): { readonly base: string; readonly last: number; readonly onto: string } | null {
  const match = /^(?:refs\/heads\/)?gh-readonly-queue\/(.+)\/pr-(\d{1,9})-([0-9a-f]{40,64})$/.exec(
    ref,
  );
  const [, base, last, onto] = match ?? [];
  return base === undefined || last === undefined || onto === undefined
    ? null
    : { base, last: Number(last), onto };
}

const entry = z.object({
  position: z.number(),
  pullRequest: z.object({ number: z.number() }).nullable(),
  headCommit: z.object({ oid: z.string() }).nullish(),
});

const shape = z.object({
  repository: z.object({ mergeQueue: z.object({ entries: connection(entry) }).nullish() }),
});

export const mergeQueueQuery = `query($owner: String!, $name: String!, $branch: String!) {
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { position pullRequest { number } headCommit { oid } } }
    }
  }
}`;

const comparison = z.object({
  total_commits: z.number(),
  commits: z.array(z.object({ commit: z.object({ message: z.string() }) })),
});

/** Numbers that GitHub writes into the commits it makes for a queue. Naming too many here only makes the gate stricter. */
function numbersIn(message: string): readonly number[] {
  const subject = message.split("\n", 1)[0] ?? "";
  return [/^Merge pull request #(\d{1,9})\b/, /\(#(\d{1,9})\)$/].flatMap((pattern) => {
    const found = pattern.exec(subject)?.[1];
    return found === undefined ? [] : [Number(found)];
  });
}

/** A rebasing queue writes no numbers: such a group cannot be told apart by its commits, and a guess would wave it through. */
function namesItsMembers(messages: readonly string[]): boolean {
  const merges = messages.at(-1)?.startsWith("Merge pull request #") ?? false;
  return (
    merges || (messages.length > 0 && messages.every((message) => numbersIn(message).length > 0))
  );
}

/** Without a readable queue: what the group's own commits name. */
async function membersByCommits(
  github: GitHub,
  repository: RepositoryRecord,
  onto: string,
  headSha: string,
): Promise<readonly number[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
    owner: repository.owner,
    repo: repository.name,
    basehead: `${onto}...${headSha}`,
    per_page: 100,
  });
  const { data } = await github.rest(asRepository(repository), request, comparison);
  if (data.commits.length !== data.total_commits)
    throw new GitHubError(
      "incomplete",
      `the merge group has ${data.total_commits} commits; at most 100 are read`,
    );
  const messages = data.commits.map((row) => row.commit.message);
  if (!namesItsMembers(messages))
    throw new GitHubError(
      "incomplete",
      "the merge queue cannot be read, and the group's commits do not name its pull requests",
    );
  return messages.flatMap(numbersIn);
}

/**
 * The pull requests a merge group would bring in. A group is built on those queued before it, so every entry up to the
 * one its branch is named after belongs to it (threat T46: each is judged).
 */
export async function readMergeGroupMembers(
  github: GitHub,
  repository: RepositoryRecord,
  headRef: string,
  headSha: string,
): Promise<readonly number[]> {
  const group = parseQueueRef(headRef);
  if (group === null)
    throw new GitHubError("invalid", "the merge group's branch is not named as GitHub names them");
  const data = await github.graphql(asRepository(repository), {
    query: mergeQueueQuery,
    variables: { owner: repository.owner, name: repository.name, branch: group.base },
    schema: shape,
  });
  const entries = data.repository.mergeQueue?.entries;
  if (entries === undefined)
    return [
      ...new Set([
        ...(await membersByCommits(github, repository, group.onto, headSha)),
        group.last,
      ]),
    ].sort((a, b) => a - b);
  if (entries.nodes.length !== entries.totalCount)
    throw new GitHubError(
      "incomplete",
      `${entries.totalCount} pull requests are queued; at most 100 are read`,
    );
  const last =
    entries.nodes.find((one) => one.headCommit?.oid === headSha) ??
    entries.nodes.find((one) => one.pullRequest?.number === group.last);
  const before =
    last === undefined ? [] : entries.nodes.filter((one) => one.position <= last.position);
  return [...new Set([...before.flatMap((one) => one.pullRequest?.number ?? []), group.last])].sort(
    (a, b) => a - b,
  );
}
