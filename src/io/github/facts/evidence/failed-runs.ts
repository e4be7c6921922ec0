import type { RepositoryRecord } from "#core/ports/repository.ts";
import { listed } from "#core/text/phrases.ts";
import { failedJobs, readJobsOfRun } from "../read-job.ts";
import type { Artifact } from "./artifacts.ts";
import type { EvidenceContext } from "./evidence-cache.ts";
import type { WorkflowRun } from "./workflow-runs.ts";

/**
 * Runs that failed though no test report of theirs shows a failure, with the jobs that failed, in words: such a job may
 * have ended before it had written what it was to report, and the others' reports are a part.
 */
export async function unexplainedFailures(
  { github }: EvidenceContext,
  repository: RepositoryRecord,
  reports: readonly Artifact[],
  failuresOf: (run: WorkflowRun) => Promise<number>,
): Promise<readonly string[]> {
  const failed = new Map(
    reports.flatMap(({ run }) => (run.conclusion === "failure" ? [[run.id, run] as const] : [])),
  );
  const words: string[] = [];
  for (const run of failed.values()) {
    if ((await failuresOf(run)) > 0) continue;
    const jobs = failedJobs(await readJobsOfRun(github, repository, run.id));
    words.push(
      `${run.name} (run ${run.id}${jobs.length === 0 ? "" : `, ${jobs.length === 1 ? "job" : "jobs"} ${listed(jobs, 3)}`})`,
    );
  }
  return words;
}
