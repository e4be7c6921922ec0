import { z } from "zod";
import type { JobFact } from "#core/facts/checks.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import { checkConclusion, checkStatus } from "./parse-checks.ts";

const jobsPage = z.object({
  jobs: z.array(
    z.object({
      id: z.number().nullish(),
      check_run_url: z.string().nullish(),
      name: z.string().nullish(),
      status: checkStatus.nullish(),
      conclusion: checkConclusion.nullish(),
      run_attempt: z.number().nullish(),
    }),
  ),
});

/** The jobs of one workflow run, earlier attempts included. */
export interface JobsOfRun {
  /** Their check runs. */
  readonly checks: ReadonlySet<number>;
  /** By name, what the newest attempt says; of several jobs of one name the worst. */
  readonly byName: ReadonlyMap<string, JobFact>;
  /** False: GitHub does not know the run. */
  readonly isKnown: boolean;
}

const reds: readonly JobFact["conclusion"][] = [
  "failure",
  "timed_out",
  "startup_failure",
  "cancelled",
  "action_required",
];

/** Several jobs may have one name (a matrix, two keys). None is a re-run of another, so the worst counts. */
function worse(a: JobFact, b: JobFact): JobFact {
  return badness(a) >= badness(b) ? a : b;
}

function badness({ status, conclusion }: JobFact): number {
  if (status !== "completed" || conclusion === null) return reds.length;
  if (conclusion === "success") return 0;
  const red = reds.indexOf(conclusion);
  // Red before unfinished, unfinished before what tested nothing.
  return red < 0 ? 1 : 2 * reds.length - red;
}

export async function readJobsOfRun(
  github: GitHub,
  repository: RepositoryRecord,
  run: number,
): Promise<JobsOfRun> {
  const checks = new Set<number>();
  const newest = new Map<string, { readonly attempt: number; readonly job: JobFact }>();
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs", {
    owner: repository.owner,
    repo: repository.name,
    run_id: run,
    filter: "all",
    per_page: 100,
  });
  const read = eachPage(
    github,
    asRepository(repository),
    request,
    jobsPage,
    (page) => {
      for (const job of page.jobs) {
        const id = /\/check-runs\/(\d{1,15})$/.exec(job.check_run_url ?? "")?.[1];
        // A job and its check run share one id; servers that leave the link out still say it.
        if (id !== undefined) checks.add(Number(id));
        else if (typeof job.id === "number") checks.add(job.id);
        const name = job.name ?? "";
        const attempt = job.run_attempt ?? 1;
        const status = job.status ?? "completed";
        const said = {
          status,
          conclusion: status === "completed" ? (job.conclusion ?? null) : null,
        };
        const known = newest.get(name);
        if (known !== undefined && known.attempt > attempt) continue;
        newest.set(name, {
          attempt,
          job: known?.attempt === attempt ? worse(known.job, said) : said,
        });
      }
      return page.jobs.length;
    },
    { maxPages: 20 },
  );
  const isKnown = (await orAbsent(read)) !== null;
  return {
    checks,
    byName: new Map([...newest].map(([name, { job }]) => [name, job])),
    isKnown,
  };
}

/** Names of the jobs that did not pass in the newest attempt. */
export const failedJobs = ({ byName }: JobsOfRun): readonly string[] =>
  [...byName].flatMap(([name, { conclusion }]) => (reds.includes(conclusion) ? [name] : []));

/** The job of that name; throws if GitHub does not know the run. */
export function jobOf(run: number, { isKnown, byName }: JobsOfRun, name: string): JobFact | null {
  if (!isKnown)
    throw new GitHubError("incomplete", `GitHub does not show the jobs of workflow run ${run}`);
  return byName.get(name) ?? null;
}
