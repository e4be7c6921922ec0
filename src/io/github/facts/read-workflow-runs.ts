import { z } from "zod";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import { GitHubError } from "../client/github-error.ts";
import { connection, part, type Page } from "../client/connection.ts";
import { instant } from "./instant.ts";
import type { Overview } from "./overview.ts";
import { checkConclusion, checkStatus } from "./parse-checks.ts";
import { readRunsOfCommit, refOfRun } from "./runs-of-commit.ts";
import type { CommitSource } from "./subject-source.ts";

const suite = z.object({
  status: checkStatus,
  conclusion: checkConclusion.nullish(),
  createdAt: instant,
  branch: z.object({ name: z.string(), prefix: z.string() }).nullish(),
  workflowRun: z
    .object({
      databaseId: z.number(),
      event: z.string(),
      url: z.string().nullish(),
      file: z.object({ path: z.string() }).nullish(),
      workflow: z.object({ name: z.string() }).nullish(),
    })
    .nullish(),
});
const commit = z.object({ oid: z.string(), checkSuites: connection(suite) });
const headOfPull = z.object({ nodes: z.tuple([z.object({ commit })]) });

/** Every workflow run of the judged commit: what the overview shows, or the list where it shows not all. */
export async function readWorkflowRuns(source: CommitSource): Promise<readonly WorkflowRunFact[]> {
  return (await runsOf(source)).toSorted((a, b) => a.id - b.id);
}

async function runsOf(source: CommitSource): Promise<readonly WorkflowRunFact[]> {
  const sha = await source.sha();
  const overview = await source.overview();
  const shown = overview === null ? undefined : suitesOf(overview, sha);
  if (shown === undefined || shown.pageInfo.hasNextPage || shown.nodes.length !== shown.totalCount)
    return listedRuns(source, sha);
  return shown.nodes.flatMap(fromSuite);
}

function suitesOf(overview: Overview, sha: string): Page<z.infer<typeof suite>> | undefined {
  const found =
    part(commit, overview.commit) ??
    part(headOfPull, overview.pullRequest?.["head"])?.nodes[0].commit;
  return found?.oid === sha ? found.checkSuites : undefined;
}

/** GitHub makes a suite for each App that may write checks, and most never report: only runs are waited for. */
function fromSuite(row: z.infer<typeof suite>): readonly WorkflowRunFact[] {
  const { workflowRun: run, branch } = row;
  if (run === null || run === undefined) return [];
  const path = run.file?.path ?? null;
  return [
    {
      id: run.databaseId,
      name: run.workflow?.name ?? path ?? String(run.databaseId),
      event: run.event,
      path,
      ...(branch === null || branch === undefined ? {} : { ref: `${branch.prefix}${branch.name}` }),
      status: row.status,
      conclusion: row.status === "completed" ? (row.conclusion ?? null) : null,
      startedAt: row.createdAt,
      url: run.url ?? null,
    },
  ];
}

const listed = z.object({
  id: z.number(),
  name: z.string().nullish(),
  event: z.string(),
  path: z.string().nullish(),
  head_branch: z.string().nullish(),
  head_sha: z.string(),
  status: checkStatus.nullish(),
  conclusion: checkConclusion.nullish(),
  created_at: instant.nullish(),
  html_url: z.string().nullish(),
});

async function listedRuns(
  { github, repository }: CommitSource,
  sha: string,
): Promise<readonly WorkflowRunFact[]> {
  const rows = await readRunsOfCommit(github, repository, sha, listed);
  if (rows.some((row) => row.head_sha !== sha))
    throw new GitHubError("incomplete", "GitHub shows workflow runs of another commit");
  return rows.map((row) => {
    const status = row.status ?? "in_progress";
    const path = row.path ?? null;
    return {
      id: row.id,
      name: row.name ?? path ?? String(row.id),
      event: row.event,
      path,
      ...refOfRun(row.head_branch),
      status,
      conclusion: status === "completed" ? (row.conclusion ?? null) : null,
      startedAt: row.created_at ?? 0,
      url: row.html_url ?? null,
    };
  });
}
