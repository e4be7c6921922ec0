import type { RepositoryRecord } from "#core/ports/repository.ts";
import { uploadsOf } from "#core/rules/tests/uploading-jobs.ts";
import { listed } from "#core/text/phrases.ts";
import { readText } from "#io/github/read/contents.ts";
import { failedJobs, readJobsOfRun } from "../read-job.ts";
import type { Artifact } from "./artifacts.ts";
import { type EvidenceContext, placeKey } from "./evidence-cache.ts";
import { isFewer } from "./report-names.ts";
import type { WorkflowRun } from "./workflow-runs.ts";

/** Names of the reports of the commit that the change is compared with; null where it has none. */
export type NamesBefore = () => Promise<readonly string[] | null>;

/** The reports of one kind that a commit's runs brought. */
export interface ReportsOfRuns {
  readonly reports: readonly Artifact[];
  /** Whether an artifact of this name is one of them. */
  readonly isReport: (name: string) => boolean;
  readonly before: NamesBefore;
  /** How many failures a run's test reports show. */
  readonly failuresOf: (run: WorkflowRun) => Promise<number>;
}

/**
 * Runs that failed though no test report of theirs shows a failure, with the jobs that failed, in words: such a job may
 * have ended before it had written what it was to report, and the others' reports are a part. A job on which no report
 * hangs, by the workflow's own text, takes nothing from them. Where nobody can tell, the base's reports are what is missed.
 */
export async function unexplainedFailures(
  context: EvidenceContext,
  repository: RepositoryRecord,
  { reports, isReport, before, failuresOf }: ReportsOfRuns,
): Promise<readonly string[]> {
  const failed = new Map(
    reports.flatMap(({ run }) => (run.conclusion === "failure" ? [[run.id, run] as const] : [])),
  );
  const words: string[] = [];
  for (const run of failed.values()) {
    if ((await failuresOf(run)) > 0) continue;
    const jobs = failedJobs(await readJobsOfRun(context.github, repository, run.id));
    const behind = await jobsBehind(context, repository, run, jobs, isReport);
    if (behind !== null && behind.yes.length + behind.unknown.length === 0) continue;
    if (behind !== null && behind.yes.length === 0) {
      const known = await before();
      // Another run of its workflow brought reports of its own, which are none of this one's.
      const names = reports.flatMap(({ name, run: of }) =>
        of.id === run.id || of.workflow !== run.workflow ? [name] : [],
      );
      if (known !== null && !isFewer(names, known)) continue;
    }
    const named = behind === null ? jobs : [...behind.yes, ...behind.unknown];
    words.push(
      `${run.name} (run ${run.id}${named.length === 0 ? "" : `, ${named.length === 1 ? "job" : "jobs"} ${listed(named, 3)}`})`,
    );
  }
  return words;
}

/** Of the failed jobs those on which a report hangs, and those of which nobody knows; null: no failed job is told. */
async function jobsBehind(
  context: EvidenceContext,
  repository: RepositoryRecord,
  run: WorkflowRun,
  jobs: readonly string[],
  isReport: (name: string) => boolean,
): Promise<{ readonly yes: readonly string[]; readonly unknown: readonly string[] } | null> {
  if (jobs.length === 0) return null;
  const text = run.path === null ? null : await workflowText(context, repository, run.path, run);
  if (text === null) return { yes: [], unknown: jobs };
  const uploads = uploadsOf(text, jobs, isReport);
  return {
    yes: jobs.filter((name) => uploads.get(name) === "yes"),
    unknown: jobs.filter((name) => uploads.get(name) === "unknown"),
  };
}

/** The workflow as the run's commit has it; one that is not there yet comes with the base it is tested with. */
async function workflowText(
  { github, caches }: EvidenceContext,
  repository: RepositoryRecord,
  path: string,
  { sha }: WorkflowRun,
): Promise<string | null> {
  const [text] = await caches.commits.get(
    `${placeKey(repository)}workflow:${sha}:${path}`,
    async () => {
      const found =
        (await readText(github, repository, path, sha)) ??
        (await readText(github, repository, path, null));
      return found === null ? [] : [found.text];
    },
    (texts) => 1 + Math.ceil((texts[0]?.length ?? 0) / 1_000),
  );
  return text ?? null;
}
