import { z } from "zod";
import { whyBeside, type RunOrigin } from "#core/facts/run-origin.ts";
import { isWorkflowNamed, workflowFile, type CalledWorkflow } from "#core/facts/workflows.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "#io/github/client/client.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { instant } from "../instant.ts";
import { readRunsOfCommit, refOfRun } from "../runs-of-commit.ts";

const repositoryShape = z.object({ id: z.number(), full_name: z.string().nullish() });

/** GitHub documents more as always there; what is not needed for a judgement is not insisted on. */
const runShape = z.object({
  id: z.number(),
  name: z.string().nullish(),
  path: z.string().nullish(),
  workflow_id: z.number().nullish(),
  event: z.string().nullish(),
  head_sha: z.string(),
  head_branch: z.string().nullish(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  run_attempt: z.number().nullish(),
  run_started_at: instant.nullish(),
  created_at: instant.nullish(),
  updated_at: instant.nullish(),
  html_url: z.string().nullish(),
  repository: repositoryShape.nullish(),
  head_repository: repositoryShape.nullish(),
  head_repository_id: z.number().nullish(),
  referenced_workflows: z
    .array(z.object({ path: z.string(), sha: z.string().nullish() }))
    .nullish(),
});

const runsPage = z.object({ workflow_runs: z.array(runShape) });

/** One run of a workflow of this repository, as far as it matters for its artifacts. */
export interface WorkflowRun {
  readonly id: number;
  readonly name: string;
  /** `.github/workflows/ci.yml`, without the ref that GitHub adds to some; null where GitHub does not say. */
  readonly path: string | null;
  /** What makes two runs ones of the same workflow. */
  readonly workflow: string;
  readonly event: string;
  readonly sha: string;
  /** The branch it belongs to; left out where GitHub does not say. */
  readonly ref?: string | undefined;
  readonly status: string;
  readonly conclusion: string | null;
  readonly attempt: number;
  /** When this attempt began, epoch ms. */
  readonly startedAt: number;
  /** When GitHub last changed it, epoch ms: of one that is over, its end. */
  readonly updatedAt: number;
  readonly url: string | null;
  readonly repository: number | null;
  /** null: a repository that is gone; undefined: GitHub does not say. */
  readonly headRepository: { readonly id: number; readonly name: string } | null | undefined;
  readonly called: readonly CalledWorkflow[];
  /** GitHub lists it no longer: somebody deleted it. */
  readonly gone?: true | undefined;
}

function headOf({
  head_repository: head,
  head_repository_id: id,
}: z.infer<typeof runShape>): WorkflowRun["headRepository"] {
  if (head !== null && head !== undefined)
    return { id: head.id, name: head.full_name ?? String(head.id) };
  return typeof id === "number" ? { id, name: String(id) } : head;
}

function runOf(row: z.infer<typeof runShape>): WorkflowRun {
  const path =
    row.path === null || row.path === undefined || row.path === "" ? null : workflowFile(row.path);
  const name = row.name ?? path ?? `workflow ${row.workflow_id ?? row.id}`;
  return {
    id: row.id,
    name,
    path,
    workflow: path ?? String(row.workflow_id ?? name),
    event: row.event ?? "an event that GitHub does not name",
    sha: row.head_sha,
    ...refOfRun(row.head_branch),
    status: row.status ?? "unknown",
    conclusion: row.conclusion ?? null,
    attempt: row.run_attempt ?? 1,
    startedAt: row.run_started_at ?? row.created_at ?? 0,
    updatedAt: row.updated_at ?? row.run_started_at ?? row.created_at ?? 0,
    url: row.html_url ?? null,
    repository: row.repository?.id ?? null,
    headRepository: headOf(row),
    called: (row.referenced_workflows ?? []).map((called) => ({
      path: workflowFile(called.path),
      sha: called.sha ?? "",
    })),
  };
}

/** Every workflow run of exactly this commit. */
export async function readRuns(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
): Promise<readonly WorkflowRun[]> {
  const rows = await readRunsOfCommit(github, repository, sha, runShape);
  return rows.map(runOf);
}

/** Commits of a branch that have a completed run, newest first: one page, as a hint where to look. */
export async function commitsWithRuns(
  github: GitHub,
  repository: RepositoryRecord,
  branch: string,
): Promise<readonly string[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs", {
    owner: repository.owner,
    repo: repository.name,
    branch,
    status: "completed",
    per_page: 100,
  });
  const { data } = await github.rest(asRepository(repository), request, runsPage);
  return [...new Set(data.workflow_runs.map((run) => run.head_sha))];
}

/**
 * Events whose runs test the commit they name, with the change's own code. Others (pull_request_target, workflow_run,
 * a dispatched one, a schedule) run beside some commit on behalf of something else: what they upload says nothing of it.
 */
const testing: ReadonlySet<string> = new Set(["pull_request", "push", "merge_group", "dynamic"]);

/** What ended so was stopped on the way: nobody knows what it would have reported. */
const stopped: ReadonlySet<string | null> = new Set([
  "cancelled",
  "timed_out",
  "stale",
  "deleted",
  null,
]);

export const isStopped = ({ status, conclusion }: WorkflowRun): boolean =>
  status === "completed" && stopped.has(conclusion);

/** Ran to its end, so that what it uploaded is all that it had to say. */
export const isOver = ({ status, conclusion }: WorkflowRun): boolean =>
  status === "completed" && (conclusion === "success" || conclusion === "failure");

export const isOfFork = (run: WorkflowRun): boolean =>
  run.headRepository === null ||
  (run.headRepository === undefined
    ? run.event === "pull_request"
    : run.repository !== null && run.headRepository.id !== run.repository);

export interface CountingRuns {
  readonly counting: readonly WorkflowRun[];
  /** What these uploaded proves nothing, and what is bad in it counts all the same. */
  readonly against: readonly WorkflowRun[];
  /** Runs that go on. */
  readonly open: readonly WorkflowRun[];
  /** Their names: workflows that may still report. */
  readonly waiting: readonly string[];
  /** Runs that were stopped before they had reported, with no later one in their place, in words. */
  readonly cut: readonly string[];
  /** What does not count and why, in words. */
  readonly ignored: readonly string[];
}

/**
 * Threat T22: a run counts when it is this repository's, of this commit (not a fork's that happens to bear it), by an event
 * that tests the commit, of the change's own branch, and finished; the run that asks for a deployment counts while it
 * waits. Another run of a workflow does not take the place of a run's reports: only its own re-run does. Nobody hides
 * what is bad by stopping a run, or by sending it from a fork: such a run's reports are held against the commit.
 */
export function runsThatCount(
  runs: readonly WorkflowRun[],
  repository: number,
  sha: string,
  workflow: string | undefined,
  origin: RunOrigin,
): CountingRuns {
  const counting: WorkflowRun[] = [];
  const against: WorkflowRun[] = [];
  const open: WorkflowRun[] = [];
  const stoppedRuns: WorkflowRun[] = [];
  const ignored: string[] = [];
  for (const run of runs) {
    if (workflow !== undefined && (run.path === null || !isWorkflowNamed(workflow, run.path)))
      continue;
    const foreign = whyForeign(run, repository, sha, origin);
    const isOfTheFork = foreign !== null && isOfChangesFork(run, repository, sha, origin);
    if (foreign !== null) ignored.push(`${run.name} (run ${run.id}): ${foreign}`);
    if (foreign !== null && !isOfTheFork) continue;
    // The run that asks goes on only after our answer: what it has uploaded before is all that it can show.
    if (run.id === origin.asking && run.status !== "completed") counting.push(run);
    // A run that waits for people (an approval to deploy) reports nothing by itself.
    else if (run.status === "waiting" || run.status === "action_required") {
      against.push(run);
      ignored.push(`${run.name} (run ${run.id}): waits for somebody`);
    } else if (run.status !== "completed") open.push(run);
    else if (!isOver(run)) {
      against.push(run);
      ignored.push(`${run.name} (run ${run.id}): ended as ${run.conclusion ?? "nothing"}`);
      if (isStopped(run)) stoppedRuns.push(run);
    } else (isOfTheFork ? against : counting).push(run);
  }
  const over = [...counting, ...against].filter((run) => isOver(run) && run.gone !== true);
  const cut = stoppedRuns
    .filter((run) => !over.some((later) => tookPlaceOf(later, run) || cancelledBy(later, run)))
    .map((run) => `${run.name} (run ${run.id}, ${run.conclusion ?? "of no conclusion"})`);
  return { counting, against, open, waiting: open.map(({ name }) => name), cut, ignored };
}

/** "Cancel what goes on when the next begins": the next one of the same workflow, by the same event, tests the same again. */
export const tookPlaceOf = (later: WorkflowRun, run: WorkflowRun): boolean =>
  later.workflow === run.workflow &&
  later.event === run.event &&
  later.id > run.id &&
  later.startedAt >= run.startedAt;

/** Runs by push and by pull_request may share a concurrency group: the newer cancels the older, and tests the same file's jobs. */
const cancelledBy = (later: WorkflowRun, run: WorkflowRun): boolean =>
  run.conclusion === "cancelled" &&
  [run, later].every(({ event }) => event === "push" || event === "pull_request") &&
  later.path !== null &&
  later.path === run.path &&
  later.ref !== undefined &&
  later.ref === run.ref &&
  later.id > run.id;

/** A run in this repository for the very pull request from a fork; one that anybody opened elsewhere on the same commit is none. */
const isOfChangesFork = (
  run: WorkflowRun,
  repository: number,
  sha: string,
  origin: RunOrigin,
): boolean =>
  origin.fromFork === true &&
  run.sha === sha &&
  run.event === "pull_request" &&
  (run.repository === null || run.repository === repository) &&
  isOfFork(run) &&
  whyBeside(run, origin) === null;

function whyForeign(
  run: WorkflowRun,
  repository: number,
  sha: string,
  origin: RunOrigin,
): string | null {
  return (
    whyNotOurs(run, repository, sha) ??
    (testing.has(run.event) || run.id === origin.asking
      ? whyBeside(run, origin)
      : `started by ${run.event}, which tests no commit`)
  );
}

/** Why a run is not this repository's own of this commit, in words; null where it is. */
export function whyNotOurs(run: WorkflowRun, repository: number, sha: string): string | null {
  if (run.sha !== sha) return `of another commit, ${run.sha.slice(0, 7)}`;
  if (run.repository !== null && run.repository !== repository) return "of another repository";
  if (run.headRepository === null) return "of a repository that is gone";
  // Anybody who pushes to a fork starts its own runs there: here only a pull request's run may be of another repository.
  if (run.headRepository === undefined && run.event === "pull_request")
    return "perhaps of a fork, GitHub does not say";
  return run.headRepository === undefined || run.headRepository.id === repository
    ? null
    : `of the fork ${run.headRepository.name}`;
}
