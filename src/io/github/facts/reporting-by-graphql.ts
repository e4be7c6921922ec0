import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";
import { fromGraphqlContext, graphqlContext } from "./parse-checks.ts";
import {
  candidates,
  ownCommits,
  type MergedPull,
  type ReportingAsked,
  type ReportingSeen,
  type ReportsOf,
  type WorkflowText,
} from "./reporting-seen.ts";

/** Of fifty pull requests: without the lists inside a check run, each of which GitHub would count. */
const contextFields = `{
  __typename
  ... on CheckRun { databaseId name status checkSuite { app { databaseId slug } workflowRun { databaseId event file { path } } } }
  ... on StatusContext { context state createdAt creator { __typename login ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId } } }
}`;
const contexts = `statusCheckRollup { contexts(first: 100) { totalCount nodes ${contextFields} } }`;
const workflows =
  "{ ... on Tree { entries { name type object { ... on Blob { text isTruncated } } } } }";
const merged = (field: string): string =>
  `pullRequests(states: MERGED, first: ${candidates}, orderBy: { field: ${field}, direction: DESC }) { nodes { number mergedAt author { login } commits(last: 1) { nodes { commit { ${contexts} } } } } }`;

/** `pull`: with the earlier commits of that pull request. */
const queryOf = (
  pull: number | undefined,
): string => `query($owner: String!, $name: String!, $ref: String!, $base: String!, $head: String!) {
  repository(owner: $owner, name: $name) {
    tip: ref(qualifiedName: $ref) { target { ... on Commit { oid ${contexts} } } }
    base: object(expression: $base) ${workflows}
    head: object(expression: $head) ${workflows}
    touched: ${merged("UPDATED_AT")}
    made: ${merged("CREATED_AT")}
    ${pull === undefined ? "" : `own: pullRequest(number: ${pull}) { commits(last: ${ownCommits}) { nodes { commit { ${contexts} } } } }`}
  }
}`;

const rollup = z
  .object({
    contexts: z.object({ totalCount: z.number(), nodes: z.array(graphqlContext) }),
  })
  .nullish();
const file = z.object({
  name: z.string(),
  type: z.string(),
  object: z.object({ text: z.string().nullish(), isTruncated: z.boolean().nullish() }).nullish(),
});
const folder = z.object({ entries: z.array(file).nullish() }).nullish();
const commitList = z.object({
  nodes: z.array(z.object({ commit: z.object({ statusCheckRollup: rollup }) })),
});
const pulls = z.object({
  nodes: z.array(
    z.object({
      number: z.number(),
      mergedAt: z.string().nullish(),
      author: z.object({ login: z.string() }).nullish(),
      commits: commitList,
    }),
  ),
});
const shape = z.object({
  repository: z.object({
    tip: z.object({ target: z.object({ oid: z.string(), statusCheckRollup: rollup }) }).nullish(),
    base: folder,
    head: folder,
    touched: pulls,
    made: pulls,
    own: z.object({ commits: commitList }).nullish(),
  }),
});

function reportsOf(of: z.infer<typeof rollup>): ReportsOf {
  const checks = (of?.contexts.nodes ?? []).map(fromGraphqlContext);
  return { checks, isCut: (of?.contexts.totalCount ?? 0) > checks.length };
}

const filesOf = (of: z.infer<typeof folder>): readonly WorkflowText[] =>
  (of?.entries ?? []).map(({ name, object }) => ({
    name,
    text: object?.isTruncated === true ? null : (object?.text ?? null),
  }));

function mergedOf(row: z.infer<typeof pulls>["nodes"][number]): MergedPull {
  return {
    number: row.number,
    mergedAt: row.mergedAt ?? undefined,
    author: row.author?.login,
    reports: () => Promise.resolve(reportsOf(row.commits.nodes[0]?.commit.statusCheckRollup)),
  };
}

/** All of it in one question. */
export async function reportingByGraphql(
  github: GitHub,
  repository: RepositoryRecord,
  { base, head, pull }: ReportingAsked,
): Promise<ReportingSeen> {
  const { repository: found } = await github.graphql(asRepository(repository), {
    query: queryOf(pull),
    variables: {
      owner: repository.owner,
      name: repository.name,
      ref: `refs/heads/${base}`,
      base: `refs/heads/${base}:.github/workflows`,
      head: `${head}:.github/workflows`,
    },
    schema: shape,
    optional: ["repository.base", "repository.head"],
  });
  if (found.tip === null || found.tip === undefined)
    throw new GitHubError("incomplete", `GitHub does not show the branch ${base}`);
  const rows = [...found.touched.nodes, ...found.made.nodes];
  return {
    tip: reportsOf(found.tip.target.statusCheckRollup),
    base: filesOf(found.base),
    head: filesOf(found.head),
    merged: [...new Map(rows.map((row) => [row.number, mergedOf(row)])).values()],
    own: (found.own?.commits.nodes ?? []).map(({ commit }) => reportsOf(commit.statusCheckRollup)),
  };
}
