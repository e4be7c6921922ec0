import { pullRequestKey } from "#core/model/subject.ts";
import { z } from "zod";
import type { DeployedPullRequest } from "#core/facts/deployed-range.ts";
import { mergedOntoDefault } from "#core/record/merge-key.ts";
import { wordOnMerge } from "#core/record/word-on-merge.ts";
import { requiredCheckKey } from "#core/required-check/state.ts";
import type { Person } from "#core/model/actor.ts";
import type { RuleOutcome } from "#core/model/decision.ts";
import { type MadeCommit, readMadeCommit } from "./merge-by-hand.ts";
import type { Judging } from "#core/ports/facts.ts";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { anotherDoorMayOpen } from "../client/connection.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { fromGraphqlActor, fromRestUser, graphqlActor, restUser } from "./person.ts";

/** A merged pull request as it is found behind a commit. */
interface Found {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly headSha: string;
  /** What it became on its base branch; null where GitHub does not say. */
  readonly mergeSha: string | null;
  readonly baseRef: string;
  readonly author: Person | null;
  readonly mergedBy: Person | null;
  readonly approvedBy: readonly Person[];
}

/** What is behind a commit. */
interface Behind {
  readonly pulls: readonly Found[];
  readonly made: () => Promise<MadeCommit>;
}

/** What is needed to tell whether the gate's decision on a pull request counts. */
interface Asking extends Pick<Judging, "keptFrom"> {
  readonly records: Records;
  /** Whether a merge holds nothing but what it merges. */
  readonly isClean: (made: MadeCommit) => Promise<boolean>;
}

/** Commits asked about in one GraphQL query. */
const perQuery = 40;
/** By REST each commit is a call of its own: a server without GraphQL is not asked about more than this. */
const mostByRest = 100;
const atOnce = 8;

const actor =
  "{ __typename login ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId } }";
const pull = `number url title merged headRefOid mergeCommit { oid } baseRefName author ${actor} mergedBy ${actor} reviews(first: 50, states: [APPROVED]) { nodes { author ${actor} } }`;

const graphqlPull = z.object({
  number: z.number(),
  url: z.string(),
  title: z.string(),
  merged: z.boolean(),
  headRefOid: z.string(),
  mergeCommit: z.object({ oid: z.string() }).nullish(),
  baseRefName: z.string(),
  author: graphqlActor,
  mergedBy: graphqlActor,
  reviews: z.object({ nodes: z.array(z.object({ author: graphqlActor })) }).nullish(),
});
const associated = z.object({
  parents: z.object({ totalCount: z.number(), nodes: z.array(z.object({ oid: z.string() })) }),
  signature: z.object({ isValid: z.boolean(), wasSignedByGitHub: z.boolean() }).nullish(),
  associatedPullRequests: z.object({ totalCount: z.number(), nodes: z.array(graphqlPull) }),
});
const answer = z.object({ repository: z.record(z.string(), associated.nullable()) });

const restPull = z.array(
  z.object({
    number: z.number(),
    html_url: z.string(),
    title: z.string(),
    merged_at: z.string().nullish(),
    merge_commit_sha: z.string().nullish(),
    head: z.object({ sha: z.string() }),
    base: z.object({ ref: z.string() }),
    user: restUser,
  }),
);

function unique(people: readonly (Person | null)[]): readonly Person[] {
  return [
    ...new Map(
      people.flatMap((person) => (person === null ? [] : [[person.id, person] as const])),
    ).values(),
  ];
}

function fromGraphql(row: z.infer<typeof graphqlPull>): Found {
  const author = fromGraphqlActor(row.author);
  return {
    number: row.number,
    url: row.url,
    title: row.title,
    headSha: row.headRefOid,
    mergeSha: row.mergeCommit?.oid ?? null,
    baseRef: row.baseRefName,
    author,
    mergedBy: fromGraphqlActor(row.mergedBy),
    approvedBy: unique((row.reviews?.nodes ?? []).map((review) => fromGraphqlActor(review.author))),
  };
}

/** SHAs are GitHub's own, of forty or more hexadecimal digits: nothing of a stranger's gets into the query. */
async function byGraphql(
  github: GitHub,
  repository: RepositoryRecord,
  shas: readonly string[],
): Promise<ReadonlyMap<string, Behind>> {
  const found = new Map<string, Behind>();
  for (let from = 0; from < shas.length; from += perQuery) {
    const part = shas.slice(from, from + perQuery);
    const fields = part.map(
      (sha, index) =>
        `c${index}: object(oid: "${sha.replace(/[^0-9a-f]/gi, "")}") { ... on Commit { parents(first: 10) { totalCount nodes { oid } } signature { isValid wasSignedByGitHub } associatedPullRequests(first: 20) { totalCount nodes { ${pull} } } } }`,
    );
    const { repository: commits } = await github.graphql(asRepository(repository), {
      query: `query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${fields.join("\n")} } }`,
      variables: { owner: repository.owner, name: repository.name },
      schema: answer,
    });
    for (const [index, sha] of part.entries()) {
      const commit = commits[`c${index}`] ?? null;
      if (commit === null)
        throw new GitHubError(
          "invalid",
          `GitHub does not say which pull requests brought ${sha.slice(0, 7)}`,
        );
      const { associatedPullRequests: list, parents, signature } = commit;
      if (list.nodes.length < list.totalCount)
        throw new GitHubError(
          "incomplete",
          `${list.totalCount} pull requests hold ${sha.slice(0, 7)}; 20 are read`,
        );
      const made: MadeCommit = {
        sha,
        parents: parents.nodes.map(({ oid }) => oid),
        byGitHub: signature?.isValid === true && signature.wasSignedByGitHub,
      };
      found.set(sha, {
        pulls: list.nodes.filter(({ merged }) => merged).map(fromGraphql),
        made: () => Promise.resolve(made),
      });
    }
  }
  return found;
}

async function byRest(
  github: GitHub,
  repository: RepositoryRecord,
  shas: readonly string[],
): Promise<ReadonlyMap<string, Behind>> {
  if (shas.length > mostByRest)
    throw new GitHubError(
      "incomplete",
      `${shas.length} commits go out; without GraphQL at most ${mostByRest} are looked up`,
    );
  const found = new Map<string, Behind>();
  for (let from = 0; from < shas.length; from += atOnce) {
    await Promise.all(
      shas.slice(from, from + atOnce).map(async (sha) => {
        const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
          owner: repository.owner,
          repo: repository.name,
          commit_sha: sha,
          per_page: 100,
        });
        const { data } = await github.rest(asRepository(repository), request, restPull);
        const merged = data.filter((row) => typeof row.merged_at === "string");
        found.set(sha, {
          made: () => readMadeCommit(github, repository, sha),
          pulls: merged.map((row) => ({
            number: row.number,
            url: row.html_url,
            title: row.title,
            headSha: row.head.sha,
            mergeSha: row.merge_commit_sha ?? null,
            baseRef: row.base.ref,
            author: fromRestUser(row.user),
            mergedBy: null,
            approvedBy: [],
          })),
        });
      }),
    );
  }
  return found;
}

/**
 * GitHub treats a pull request as merged as soon as its head is in the branch, no matter who pushed the commit that
 * brought it; whatever else that commit contains was pushed without a pull request.
 */
async function isByHand(
  sha: string,
  { headSha, mergeSha }: Found,
  behind: ReadonlyMap<string, Behind>,
  { isClean }: Asking,
): Promise<boolean> {
  const made = sha !== mergeSha || sha === headSha ? undefined : await behind.get(sha)?.made();
  if (made === undefined) return false;
  if (made.parents.length > 1) return !made.byGitHub && !(await isClean(made));
  // A squash or a rebase stands on the base; on the head stands only what somebody pushed on top of it.
  return made.parents.includes(headSha);
}

/** The merged pull requests behind the commits, in the order of the first commit each brought, with the gate's last word on each. */
export async function readDeployedPulls(
  github: GitHub,
  repository: RepositoryRecord,
  asking: Asking,
  shas: readonly string[],
  ref: string,
): Promise<readonly DeployedPullRequest[]> {
  const behind = await byGraphql(github, repository, shas).catch((error: unknown) => {
    if (anotherDoorMayOpen(error)) return byRest(github, repository, shas);
    throw error;
  });
  const pulls = new Map<number, Found & { readonly commits: string[] }>();
  for (const sha of shas) {
    for (const found of behind.get(sha)?.pulls ?? []) {
      if (await isByHand(sha, found, behind, asking)) continue;
      const known = pulls.get(found.number);
      if (known === undefined) pulls.set(found.number, { ...found, commits: [sha] });
      else known.commits.push(sha);
    }
  }
  const out = new Set(shas);
  return Promise.all(
    [...pulls.values()].map(async ({ headSha, mergeSha, baseRef, ...found }) => {
      const { records } = asking;
      const asDefault = await records.getValue(mergedOntoDefault(repository.id, found.number));
      const isGuarded = asDefault !== null || (await isGuardedBranch(records, repository, baseRef));
      return {
        ...found,
        ...(isGuarded || baseRef === ref.replace(/^refs\/heads\//, "")
          ? {}
          : { elsewhere: baseRef }),
        ...(out.has(headSha) || (mergeSha !== null && out.has(mergeSha))
          ? {}
          : { unfinished: true as const }),
        gate: await gateOf(asking, repository, found.number, {
          headSha,
          baseRef: asDefault ?? baseRef,
          isGuarded,
        }),
      };
    }),
  );
}

/**
 * Whether the branch is guarded: the default branch (or what was that at the merge, which the merge's record tells), one that requires our check as well (a release branch that is
 * deployed by its tag), or the deployed branch. Other branches may have other rules, or none.
 */
async function isGuardedBranch(
  records: Records,
  repository: RepositoryRecord,
  baseRef: string,
): Promise<boolean> {
  if (baseRef === repository.defaultBranch) return true;
  const standing = await records.getValue(requiredCheckKey(repository.id, baseRef));
  return standing?.includes('"kind":"pinned"') ?? false;
}

const speaks = ({ enforcement, verdict }: RuleOutcome): boolean =>
  enforcement === "active" && verdict.kind !== "skipped";

/** The gate's last decision on exactly the head that was merged, for the base that it was merged onto. */
async function gateOf(
  { records, keptFrom }: Asking,
  repository: RepositoryRecord,
  number: number,
  {
    headSha,
    baseRef,
    isGuarded,
  }: Pick<Found, "headSha" | "baseRef"> & { readonly isGuarded: boolean },
): Promise<DeployedPullRequest["gate"]> {
  const last = await records.lastDecision(pullRequestKey(repository.id, number));
  const word = wordOnMerge(last, { headSha, baseRef });
  if (word.kind === "unjudged" || word.kind === "other_base") return null;
  const { rules, kind } = word.decision;
  // Anybody who can create a branch can create one that no rule applies to, and deploy from it.
  const leftOut = keptFrom(baseRef, repository.defaultBranch).filter(
    (name) => !rules.some((rule) => rule.name === name && speaks(rule)),
  );
  return {
    kind,
    overrides: [...new Set(rules.flatMap((rule) => rule.overridden?.name ?? []))],
    ...(word.kind === "as_draft" ? { asDraft: true as const } : {}),
    ...(isGuarded || (rules.some(speaks) && leftOut.length === 0)
      ? {}
      : { unruled: true as const }),
  };
}
