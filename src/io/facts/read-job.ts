import { z } from "zod";
import type { RepositoryRecord } from "../../core/ports.ts";
import type { GitHub } from "../github/client.ts";
import { eachPage } from "../github/pages.ts";
import { asRepository } from "../github/requests.ts";
import { orAbsent } from "../github/or-absent.ts";

const jobsPage = z.object({
  jobs: z.array(z.object({ id: z.number().nullish(), check_run_url: z.string().nullish() })),
});
const runsPage = z.object({ workflow_runs: z.array(z.object({ id: z.number() })) });

/** The check runs of a workflow run's jobs, earlier attempts included. A run that GitHub does not know has none. */
export async function checksOfRun(
  github: GitHub,
  repository: RepositoryRecord,
  run: number,
): Promise<ReadonlySet<number>> {
  const checks = new Set<number>();
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
        if (id !== undefined) checks.add(Number(id));
        // A job and its check run share one id; servers that leave the link out still say it.
        else if (typeof job.id === "number") checks.add(job.id);
      }
      return page.jobs.length;
    },
    { maxPages: 20 },
  );
  await orAbsent(read);
  return checks;
}

/** The workflow runs of a commit, for a check whose suite names none. */
export async function runsOfCommit(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
): Promise<readonly number[]> {
  const runs: number[] = [];
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs", {
    owner: repository.owner,
    repo: repository.name,
    head_sha: sha,
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository),
    request,
    runsPage,
    (page) => {
      runs.push(...page.workflow_runs.map((run) => run.id));
      return page.workflow_runs.length;
    },
    { maxPages: 10 },
  );
  return runs;
}
