import { z } from "zod";
import type { CheckFact } from "#core/facts/checks.ts";
import { testingEvents, type ReportingFact, type WorkflowHere } from "#core/facts/reporting.ts";
import { workflowFile } from "#core/facts/workflows.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { reporterOf } from "#core/rules/checks/awaited.ts";
import { triggersOf } from "#core/rules/kit/triggers/read-triggers.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { everyCounted } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { fromGraphqlContext, graphqlContext } from "./parse-checks.ts";

/** How many merged pull requests are looked at, and of how many candidates: GitHub does not sort by the instant of merging. */
const lastMerged = 5;
const candidates = 25;

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

/** How many commits of the pull request itself are looked at. */
const ownCommits = 10;

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

/** Where something reports checks: on the branch `base`, in the judged commit, or on what was merged lately. */
export async function readReporting(
  github: GitHub,
  repository: RepositoryRecord,
  {
    base,
    head,
    pull,
  }: { readonly base: string; readonly head: string; readonly pull?: number | undefined },
): Promise<Omit<ReportingFact, "askedFirstAt">> {
  const data = await github.graphql(asRepository(repository), {
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
  const found = data.repository;
  if (found.tip === null || found.tip === undefined)
    throw new GitHubError("incomplete", `GitHub does not show the branch ${base}`);
  const reportsOn = (of: z.infer<typeof rollup>): Reports => {
    const checks = (of?.contexts.nodes ?? []).map(fromGraphqlContext);
    // Our own check runs are no sign of anybody else's.
    return {
      checks: checks.filter(({ app }) => app?.id !== github.appId),
      isCut: (of?.contexts.totalCount ?? 0) > checks.length,
    };
  };
  const tip = reportsOn(found.tip.target.statusCheckRollup);
  const recent = [
    ...new Map(
      [...found.touched.nodes, ...found.made.nodes].map((pull) => [pull.number, pull]),
    ).values(),
  ]
    .sort((a, b) => Date.parse(b.mergedAt ?? "") - Date.parse(a.mergedAt ?? ""))
    .slice(0, lastMerged)
    .map(({ number, author, commits }) => ({
      where: `#${number}`,
      author: author?.login,
      ...reportsOn(commits.nodes[0]?.commit.statusCheckRollup),
    }))
    .filter(isReported);
  return {
    signs: [
      ...workflowsIn(found.base).map(({ name }) => `.github/workflows/${name} on ${base}`),
      ...workflowsIn(found.head).map(({ name }) => `.github/workflows/${name} in this commit`),
      ...(isReported(tip) ? [`checks on the tip of ${base}`] : []),
      ...recent.map(({ where }) => `checks on ${where}`),
    ],
    workflows: [
      ...workflowsIn(found.base).map((one) => workflowOf(one, "base")),
      ...workflowsIn(found.head).map((one) => workflowOf(one, "head")),
    ],
    ran: pathsThatRan([
      tip,
      ...recent,
      ...(found.own?.commits.nodes ?? []).map(({ commit }) => reportsOn(commit.statusCheckRollup)),
    ]),
    elsewhere: reportersOf(recent),
  };
}

const pathsThatRan = (on: readonly Reports[]): readonly string[] =>
  [
    ...new Set(
      on.flatMap(({ checks }) =>
        checks.flatMap(({ run }) =>
          run !== null && run.path !== null && testingEvents.some((event) => event === run.event)
            ? [workflowFile(run.path)]
            : [],
        ),
      ),
    ),
  ].sort();

interface Reports {
  readonly checks: readonly CheckFact[];
  /** There are more than are shown. */
  readonly isCut: boolean;
}

const isReported = ({ checks, isCut }: Reports): boolean => isCut || checks.length > 0;

const isTested = ({ checks }: Reports): boolean =>
  checks.some(({ run }) => testingEvents.some((event) => event === run?.event));

/** Fewer, or all by one person, may be of a kind: such as one App alone looks at. */
const fewestMerged = 3;
const fewestAuthors = 2;

/** Who reported on each of those that no run of GitHub Actions tested: an App that looks at some of them is not waited for. */
function reportersOf(
  on: readonly (Reports & { readonly where: string; readonly author: string | undefined })[],
): ReportingFact["elsewhere"] {
  const untested = on.filter((one) => !isTested(one));
  const authors = new Set(untested.flatMap(({ author }) => author ?? []));
  if (untested.length < fewestMerged || authors.size < fewestAuthors) return undefined;
  const [first, ...others] = untested.map(
    ({ checks }) =>
      new Map(
        checks.flatMap((check) => {
          const reporter = reporterOf(check);
          return reporter === null ? [] : [[reporter.key, reporter] as const];
        }),
      ),
  );
  if (first === undefined) return undefined;
  return {
    where: untested.map(({ where }) => where),
    reporters: [...first.values()].filter(({ key }) => others.every((one) => one.has(key))),
  };
}

type File = z.infer<typeof file>;

const workflowsIn = (of: z.infer<typeof folder>): readonly File[] =>
  (of?.entries ?? []).filter(({ name }) => /\.ya?ml$/i.test(name));

function workflowOf({ name, object }: File, at: WorkflowHere["at"]): WorkflowHere {
  const text = object?.text;
  return {
    path: `.github/workflows/${name}`,
    at,
    on:
      text === null || text === undefined || object?.isTruncated === true
        ? "unreadable"
        : triggersOf(text),
  };
}

const listed = z.object({ id: z.number(), path: z.string(), state: z.string() });

/** Paths of the workflows that GitHub does not start, whatever their files say. */
export async function readSwitchedOff(
  github: GitHub,
  repository: RepositoryRecord,
): Promise<readonly string[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/workflows", {
    owner: repository.owner,
    repo: repository.name,
    per_page: 100,
  });
  const rows = await everyCounted(
    github,
    asRepository(repository),
    request,
    z.object({ total_count: z.number().nullish(), workflows: z.array(listed) }),
    ({ workflows: items, total_count: total }) => ({ items, total }),
    10,
  );
  return rows.filter(({ state }) => state !== "active").map(({ path }) => path);
}
