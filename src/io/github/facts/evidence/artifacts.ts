import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "#io/github/client/client.ts";
import { orAbsent } from "#io/github/client/or-absent.ts";
import { eachPage, everyCounted } from "#io/github/client/pages.ts";
import { asRepository } from "#io/github/client/requests.ts";
import { instant } from "../instant.ts";
import { notReplaced } from "./replaced-artifacts.ts";
import { isOfFork, isOver, type WorkflowRun } from "./workflow-runs.ts";

const artifactShape = z.object({
  id: z.number(),
  name: z.string(),
  size_in_bytes: z.number().nullish(),
  expired: z.boolean().nullish(),
  digest: z.string().nullish(),
  created_at: instant.nullish(),
  workflow_run: z
    .object({
      id: z.number().nullish(),
      repository_id: z.number().nullish(),
      head_repository_id: z.number().nullish(),
      head_sha: z.string().nullish(),
    })
    .nullish(),
});

/** An artifact of a run that counts. `bytes` is the size of its archive as GitHub tells it; 0 where it does not. */
export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly expired: boolean;
  readonly digest: string | null;
  readonly createdAt: number | null;
  readonly run: WorkflowRun;
  /** It was read as reports of these kinds, and GitHub lists it no longer. */
  readonly gone?: readonly ReportKind[] | undefined;
}

export type ReportKind = "tests" | "coverage" | "scan";

export interface CountingArtifacts {
  readonly counting: readonly Artifact[];
  /** Artifacts of earlier attempts that no later one has replaced: their failures still count. */
  readonly earlier: readonly Artifact[];
  readonly ignored: readonly string[];
}

const artifactsPage = z.object({
  total_count: z.number().nullish(),
  artifacts: z.array(artifactShape),
});

/**
 * The artifacts of one run, checked to be its own (threat T22). Of one name the newest counts. An attempt that ran to its end
 * replaces what earlier ones uploaded under the same name; one that was stopped, or brought no such report, replaces nothing.
 */
export async function readArtifacts(
  github: GitHub,
  repository: RepositoryRecord,
  run: WorkflowRun,
): Promise<CountingArtifacts> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", {
    owner: repository.owner,
    repo: repository.name,
    run_id: run.id,
    per_page: 100,
  });
  const rows = await everyCounted(
    github,
    asRepository(repository),
    request,
    artifactsPage,
    (page) => ({ items: page.artifacts, total: page.total_count }),
    10,
  );
  const ignored: string[] = [];
  const newest = new Map<string, Artifact>();
  const stale: Artifact[] = [];
  // Without an instant the attempt is unknown, and the first is assumed.
  const isEarlier = (row: z.infer<typeof artifactShape>): boolean =>
    run.attempt > 1 && (row.created_at ?? 0) < run.startedAt;
  const kept = rows.some(isEarlier) ? await jobsOfEarlierAttempts(github, repository, run) : [];
  for (const row of rows) {
    const at = row.created_at ?? 0;
    const foreign = whyForeign(row, run, repository.id);
    if (foreign !== null) {
      ignored.push(`artifact ${row.name} (${row.id}): ${foreign}`);
      continue;
    }
    const artifact: Artifact = {
      id: row.id,
      name: row.name,
      bytes: row.size_in_bytes ?? 0,
      expired: row.expired ?? false,
      digest: row.digest ?? null,
      createdAt: row.created_at ?? null,
      run,
    };
    if (isEarlier(row) && !kept.some((job) => job.from <= at && at <= job.to + uploadSlackMs)) {
      stale.push(artifact);
      ignored.push(`artifact ${row.name} (${row.id}): of an attempt before attempt ${run.attempt}`);
      continue;
    }
    const known = newest.get(row.name);
    if (known === undefined || known.id < row.id) newest.set(row.name, artifact);
  }
  const counting = [...newest.values()];
  // The run that asks for a deployment goes on, and what it has uploaded is what it goes by.
  const mayReplace = isOver(run) || run.status !== "completed";
  return {
    counting,
    earlier: mayReplace ? notReplaced(stale, counting, run.attempt) : stale,
    ignored,
  };
}

function whyForeign(
  row: z.infer<typeof artifactShape>,
  run: WorkflowRun,
  repository: number,
): string | null {
  const of = row.workflow_run;
  if (of?.id !== null && of?.id !== undefined && of.id !== run.id) return "of another run";
  if (
    of?.repository_id !== null &&
    of?.repository_id !== undefined &&
    of.repository_id !== repository
  )
    return "of another repository";
  if (
    of?.head_repository_id !== null &&
    of?.head_repository_id !== undefined &&
    of.head_repository_id !== (run.headRepository?.id ?? repository) &&
    !(isOfFork(run) && !run.headRepository)
  )
    return "of a fork";
  if (of?.head_sha !== null && of?.head_sha !== undefined && of.head_sha !== run.sha)
    return `of another commit, ${of.head_sha.slice(0, 7)}`;
  return null;
}

const jobsPage = z.object({
  jobs: z.array(
    z.object({
      status: z.string().nullish(),
      conclusion: z.string().nullish(),
      started_at: instant.nullish(),
      completed_at: instant.nullish(),
    }),
  ),
});

/** An upload is finished a moment after its job says so. */
const uploadSlackMs = 60_000;

/**
 * GitHub keeps what earlier attempts uploaded. "Re-run failed jobs" takes the jobs that passed over into the new attempt as
 * they were: what those uploaded stands. What a job uploaded that ran again, or everything after "Re-run all jobs", is stale.
 */
async function jobsOfEarlierAttempts(
  github: GitHub,
  repository: RepositoryRecord,
  run: WorkflowRun,
): Promise<readonly { readonly from: number; readonly to: number }[]> {
  const taken: { from: number; to: number }[] = [];
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs", {
    owner: repository.owner,
    repo: repository.name,
    run_id: run.id,
    filter: "latest",
    per_page: 100,
  });
  // If jobs are not listed, none is known to have been carried over.
  await orAbsent(
    eachPage(
      github,
      asRepository(repository),
      request,
      jobsPage,
      (page) => {
        for (const { conclusion, started_at: from, completed_at: to } of page.jobs) {
          if (
            conclusion === "success" &&
            typeof from === "number" &&
            typeof to === "number" &&
            from < run.startedAt
          )
            taken.push({ from, to });
        }
        return page.jobs.length;
      },
      { maxPages: 10 },
    ),
  );
  return taken;
}
