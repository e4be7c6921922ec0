import { z } from "zod";
import type { ReportingFact } from "#core/facts/reporting.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { asRepository } from "../client/requests.ts";

/** How many merged pull requests are looked at, and of how many candidates: GitHub does not sort by the instant of merging. */
const lastMerged = 5;
const candidates = 25;

const contexts = `statusCheckRollup { contexts(first: 100) { totalCount nodes { __typename ... on CheckRun { checkSuite { app { databaseId } } } } } }`;
const workflows = "{ ... on Tree { entries { name type } } }";
const merged = (field: string): string =>
  `pullRequests(states: MERGED, first: ${candidates}, orderBy: { field: ${field}, direction: DESC }) { nodes { number mergedAt commits(last: 1) { nodes { commit { ${contexts} } } } } }`;

const query = `query($owner: String!, $name: String!, $ref: String!, $base: String!, $head: String!) {
  repository(owner: $owner, name: $name) {
    tip: ref(qualifiedName: $ref) { target { ... on Commit { oid ${contexts} } } }
    base: object(expression: $base) ${workflows}
    head: object(expression: $head) ${workflows}
    touched: ${merged("UPDATED_AT")}
    made: ${merged("CREATED_AT")}
  }
}`;

const rollup = z
  .object({
    contexts: z.object({
      totalCount: z.number(),
      nodes: z.array(
        z.object({
          __typename: z.string(),
          checkSuite: z.object({ app: z.object({ databaseId: z.number() }).nullish() }).nullish(),
        }),
      ),
    }),
  })
  .nullish();
const folder = z
  .object({ entries: z.array(z.object({ name: z.string(), type: z.string() })).nullish() })
  .nullish();
const pulls = z.object({
  nodes: z.array(
    z.object({
      number: z.number(),
      mergedAt: z.string().nullish(),
      commits: z.object({
        nodes: z.array(z.object({ commit: z.object({ statusCheckRollup: rollup }) })),
      }),
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
  }),
});

/** Where something reports checks: on the branch `base`, in the judged commit, or on what was merged lately. */
export async function readReporting(
  github: GitHub,
  repository: RepositoryRecord,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<ReportingFact> {
  const data = await github.graphql(asRepository(repository), {
    query,
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
  const found = data.repository;
  if (found.tip === null || found.tip === undefined)
    throw new GitHubError("incomplete", `GitHub does not show the branch ${base}`);
  const isReported = (of: z.infer<typeof rollup>): boolean =>
    of !== null &&
    of !== undefined &&
    (of.contexts.totalCount > of.contexts.nodes.length ||
      // Our own check runs are no sign of anybody else's.
      of.contexts.nodes.some((node) => node.checkSuite?.app?.databaseId !== github.appId));
  const recent = [
    ...new Map(
      [...found.touched.nodes, ...found.made.nodes].map((pull) => [pull.number, pull]),
    ).values(),
  ]
    .sort((a, b) => Date.parse(b.mergedAt ?? "") - Date.parse(a.mergedAt ?? ""))
    .slice(0, lastMerged);
  return {
    signs: [
      ...workflowsIn(found.base).map((name) => `.github/workflows/${name} on ${base}`),
      ...workflowsIn(found.head).map((name) => `.github/workflows/${name} in this commit`),
      ...(isReported(found.tip.target.statusCheckRollup) ? [`checks on the tip of ${base}`] : []),
      ...recent
        .filter(({ commits }) =>
          commits.nodes.some(({ commit }) => isReported(commit.statusCheckRollup)),
        )
        .map(({ number }) => `checks on #${number}`),
    ],
  };
}

const workflowsIn = (of: z.infer<typeof folder>): readonly string[] =>
  (of?.entries ?? []).filter(({ name }) => /\.ya?ml$/i.test(name)).map(({ name }) => name);
