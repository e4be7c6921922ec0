import { z } from "zod";
import { UnclearGroup } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { anotherDoorMayOpen, connection } from "../client/connection.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";

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

const commit = z.object({ oid: z.string() }).nullish();
const entry = z.object({
  position: z.number(),
  pullRequest: z.object({ number: z.number() }).nullable(),
  baseCommit: commit,
  headCommit: commit,
});

const shape = z.object({
  repository: z.object({
    base: z.object({ target: z.object({ oid: z.string() }) }).nullable(),
    group: z.object({ target: z.object({ oid: z.string() }) }).nullable(),
    mergeQueue: z.object({ entries: connection(entry) }).nullish(),
  }),
});

export const mergeQueueQuery = `query($owner: String!, $name: String!, $branch: String!, $base: String!, $group: String!) {
  repository(owner: $owner, name: $name) {
    base: ref(qualifiedName: $base) { target { oid } }
    group: ref(qualifiedName: $group) { target { oid } }
    mergeQueue(branch: $branch) {
      entries(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { position pullRequest { number } baseCommit { oid } headCommit { oid } } }
    }
  }
}`;

type Entry = z.infer<typeof entry>;

/** Not an error for good: the queue's list runs behind the queue, and is asked again. */
const doesNotAddUp = (why: string, tip: string): UnclearGroup =>
  new UnclearGroup(`the merge group's pull requests do not add up: ${why}`, tip);

/**
 * From the group's head back to the tip of the base, entry by entry: each is built on the one before it, so that nothing
 * is left out when the last one is built on the base itself. Whatever is queued before it counts as well.
 */
export function membersOfChain(
  entries: readonly Entry[],
  headSha: string,
  tip: string,
): readonly number[] {
  const members: number[] = [];
  for (let sha = headSha; sha !== tip;) {
    const next = entries.find((one) => one.headCommit?.oid === sha);
    const number = next?.pullRequest?.number;
    const onto = next?.baseCommit?.oid;
    if (number === undefined || onto === undefined)
      throw doesNotAddUp(`the queue lists nothing that leads to ${sha.slice(0, 7)}`, tip);
    if (members.includes(number)) throw doesNotAddUp(`#${number} is listed twice`, tip);
    members.push(number);
    sha = onto;
  }
  const last = entries.find((one) => one.headCommit?.oid === headSha)?.position ?? 0;
  const before = entries.filter((one) => one.position <= last);
  return [...new Set([...members, ...before.flatMap((one) => one.pullRequest?.number ?? [])])].sort(
    (a, b) => a - b,
  );
}

const comparison = z.object({
  total_commits: z.number(),
  commits: z.array(
    z.object({
      sha: z.string(),
      commit: z.object({ message: z.string() }),
      parents: z.array(z.object({ sha: z.string() })),
    }),
  ),
});

/** The number that GitHub writes into a merge commit that it makes for a queue. */
function numberIn(message: string): number | null {
  const found = /^Merge pull request #(\d{1,9})\b/.exec(message)?.[1];
  return found === undefined ? null : Number(found);
}

/**
 * Where the queue cannot be read: the merge commits between the base and the head, one for each pull request. Squashed
 * and rebased ones bear whatever their authors wrote: those cannot be told apart, and a guess would wave them through.
 */
async function membersByCommits(
  github: GitHub,
  repository: RepositoryRecord,
  tip: string,
  headSha: string,
  last: number,
): Promise<readonly number[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
    owner: repository.owner,
    repo: repository.name,
    basehead: `${tip}...${headSha}`,
    per_page: 100,
  });
  const { data } = await github.rest(asRepository(repository), request, comparison);
  if (data.commits.length !== data.total_commits)
    throw new GitHubError(
      "incomplete",
      `the merge group has ${data.total_commits} commits; at most 100 are read`,
    );
  const commits = new Map(data.commits.map((row) => [row.sha, row]));
  // A pull request brings at least one commit: the only one is that of the one the branch is named after.
  if (data.commits.length === 1 && commits.get(headSha)?.parents[0]?.sha === tip) return [last];
  const members: number[] = [];
  for (let sha = headSha; sha !== tip;) {
    const row = commits.get(sha);
    const number = row === undefined ? null : numberIn(row.commit.message);
    const onto = row?.parents[0]?.sha;
    if (row === undefined || row.parents.length !== 2 || number === null || onto === undefined)
      throw new GitHubError(
        "incomplete",
        "the merge queue cannot be read, and the group's commits do not name its pull requests",
      );
    members.push(number);
    sha = onto;
  }
  return members.sort((a, b) => a - b);
}

type Seen = z.infer<typeof shape>["repository"];

const gitRef = z.object({ object: z.object({ sha: z.string() }) });

async function refByRest(
  github: GitHub,
  repository: RepositoryRecord,
  branch: string,
): Promise<Seen["base"]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/git/ref/{ref}", {
    owner: repository.owner,
    repo: repository.name,
    ref: `heads/${branch}`,
  });
  const found = await orAbsent(github.rest(asRepository(repository), request, gitRef));
  return found === null ? null : { target: { oid: found.data.object.sha } };
}

/** The queue, and where its branches stand. REST knows the branches alone. */
async function readQueue(
  github: GitHub,
  repository: RepositoryRecord,
  base: string,
  headRef: string,
): Promise<Seen> {
  const branch = headRef.replace(/^refs\/heads\//, "");
  try {
    const { repository: seen } = await github.graphql(asRepository(repository), {
      query: mergeQueueQuery,
      variables: {
        owner: repository.owner,
        name: repository.name,
        branch: base,
        base: `refs/heads/${base}`,
        group: `refs/heads/${branch}`,
      },
      schema: shape,
    });
    return seen;
  } catch (error) {
    if (!anotherDoorMayOpen(error)) throw error;
    const [onto, group] = await Promise.all(
      [base, branch].map((one) => refByRest(github, repository, one)),
    );
    return { base: onto ?? null, group: group ?? null, mergeQueue: null };
  }
}

/**
 * The pull requests a merge group would bring in: those between the tip of its base and its head (threat T46: each is
 * judged). What does not add up is "unavailable": it waits.
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
  const seen = await readQueue(github, repository, group.base, headRef);
  const tip = seen.base?.target.oid;
  if (tip === undefined) throw doesNotAddUp(`there is no branch ${group.base}`, "");
  if (tip === headSha) throw new GitHubError("gone", `the merge group ${headRef} was merged`);
  const entries = seen.mergeQueue?.entries;
  if (seen.group === null && entries?.nodes.some((one) => one.headCommit?.oid === headSha) !== true)
    throw new GitHubError("gone", `the merge group ${headRef} is queued no more`);
  const members =
    entries === undefined
      ? await membersByCommits(github, repository, tip, headSha, group.last)
      : membersOfChain(entries.nodes, headSha, tip);
  if (!members.includes(group.last))
    throw doesNotAddUp(`its branch is named after #${group.last}, which is not among them`, tip);
  return members;
}
