import { z } from "zod";
import type { CheckFact } from "#core/facts/checks.ts";
import { GitHubError } from "../client/github-error.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { completed, connection, isUnusable, type Page, part } from "../client/connection.ts";
import { moreContextsQuery } from "./overview-query.ts";
import type { Overview } from "./overview.ts";
import {
  fromGraphqlContext,
  fromRestCheckRun,
  graphqlContext,
  restCheckRun,
} from "./parse-checks.ts";
import { readRunsOfCommit, refOfRun } from "./runs-of-commit.ts";
import { shownStatuses } from "./read-statuses.ts";
import type { CommitSource } from "./subject-source.ts";

const contexts = connection(graphqlContext);
const rollup = z.object({ oid: z.string(), statusCheckRollup: z.object({ contexts }).nullable() });
const headOfPull = z.object({ nodes: z.tuple([z.object({ commit: rollup })]) });

/** The first page of the judged commit's checks; undefined when the overview does not show that very commit. */
function firstPage(
  overview: Overview,
  sha: string,
): Page<z.infer<typeof graphqlContext>> | null | undefined {
  const commit =
    part(rollup, overview.commit) ??
    part(headOfPull, overview.pullRequest?.["head"])?.nodes[0].commit;
  if (commit === undefined || commit.oid !== sha) return undefined;
  return commit.statusCheckRollup?.contexts ?? null;
}

/** The checks that the overview shows of that commit: not all of them, perhaps none. */
export function shownChecks(overview: Overview, sha: string): readonly CheckFact[] {
  return (firstPage(overview, sha)?.nodes ?? []).map(fromGraphqlContext);
}

/** Every check run and status of the judged commit, our own among them. No rollup at all means: nothing reported yet. */
export async function readAllChecks(source: CommitSource): Promise<readonly CheckFact[]> {
  const sha = await source.sha();
  const overview = await source.overview();
  const first = overview === null ? undefined : firstPage(overview, sha);
  if (first === null) return [];
  if (first === undefined) return checksOfCommit(source, sha);
  try {
    return (await completed("the checks", first, (after) => moreContexts(source, sha, after))).map(
      fromGraphqlContext,
    );
  } catch (error) {
    if (isUnusable(error)) return checksOfCommit(source, sha);
    throw error;
  }
}

async function moreContexts(
  { github, repository }: CommitSource,
  sha: string,
  after: string | null,
): Promise<Page<z.infer<typeof graphqlContext>>> {
  const data = await github.graphql(asRepository(repository), {
    query: moreContextsQuery,
    variables: { owner: repository.owner, name: repository.name, sha, after },
    schema: z.object({
      repository: z.object({
        commit: z.object({ statusCheckRollup: z.object({ list: contexts }) }),
      }),
    }),
  });
  return data.repository.commit.statusCheckRollup.list;
}

const runsPage = z.object({ total_count: z.number(), check_runs: z.array(restCheckRun) });
const workflowRun = z.object({
  id: z.number(),
  event: z.string(),
  path: z.string().nullish(),
  head_branch: z.string().nullish(),
  check_suite_id: z.number().nullish(),
});

type From = Pick<CommitSource, "github" | "repository">;

/** Every check run and status of any commit, by REST. */
export async function checksOfCommit(from: From, sha: string): Promise<readonly CheckFact[]> {
  const [runs, statuses] = await Promise.all([restCheckRuns(from, sha), shownStatuses(from, sha)]);
  return [...runs, ...statuses];
}

async function restCheckRuns(
  { github, repository }: From,
  sha: string,
): Promise<readonly CheckFact[]> {
  const as = asRepository(repository);
  const names = { owner: repository.owner, repo: repository.name };
  const rows: z.infer<typeof restCheckRun>[] = [];
  let promised = 0;
  const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", {
    ...names,
    ref: sha,
    filter: "latest",
    per_page: 100,
  });
  await eachPage(
    github,
    as,
    request,
    runsPage,
    (page) => {
      promised = page.total_count;
      rows.push(...page.check_runs);
      return page.check_runs.length;
    },
    { maxPages: 50 },
  );
  if (rows.length !== promised)
    throw new GitHubError("incomplete", `GitHub shows ${rows.length} of ${promised} check runs`);
  const byActions = rows.some((row) => row.app?.slug === "github-actions");
  const workflows = byActions
    ? await workflowsBySuite({ github, repository }, sha)
    : new Map<number, CheckFact["run"]>();
  return rows.map((row) => fromRestCheckRun(row, workflows.get(row.check_suite?.id ?? 0) ?? null));
}

/** Which Actions run a check suite belongs to. */
async function workflowsBySuite(
  { github, repository }: From,
  sha: string,
): Promise<ReadonlyMap<number, CheckFact["run"]>> {
  const runs = await readRunsOfCommit(github, repository, sha, workflowRun);
  return new Map(
    runs.flatMap((run) =>
      typeof run.check_suite_id === "number"
        ? [[run.check_suite_id, workflowOf(run)] as const]
        : [],
    ),
  );
}

function workflowOf({
  id,
  event,
  path,
  head_branch: branch,
}: z.infer<typeof workflowRun>): CheckFact["run"] {
  return {
    id,
    event,
    path: path ?? null,
    ...refOfRun(branch),
  };
}
