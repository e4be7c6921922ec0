import { z } from "zod";
import { hasFailed } from "#core/deployments/proof.ts";
import { newestTelling } from "#core/deployments/promotion.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";

const run = z.object({
  run_attempt: z.number().nullish(),
  check_suite_id: z.number().nullish(),
});
const jobsPage = z.object({
  jobs: z.array(z.object({ id: z.number(), name: z.string(), run_attempt: z.number().nullish() })),
});
const checksPage = z.object({
  check_runs: z.array(
    z.object({ id: z.number(), deployment: z.object({ id: z.number() }).nullish() }),
  ),
});
const pages = { maxPages: 10 };

/** A job's try, and the deployment that it made. */
interface Try {
  readonly deployment: number;
  readonly name: string;
  readonly attempt: number;
}

/** The tries of a run's jobs that made deployments; none where the run was never run again, or GitHub does not tell. */
async function readTries(
  github: GitHub,
  repository: RepositoryRecord,
  runId: number,
): Promise<readonly Try[]> {
  const as = asRepository(repository);
  const names = { owner: repository.owner, repo: repository.name };
  const ofRun = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", {
    ...names,
    run_id: runId,
  });
  const found = await orAbsent(github.rest(as, ofRun, run));
  const suite = found?.data.check_suite_id ?? null;
  if (suite === null || (found?.data.run_attempt ?? 1) < 2) return [];
  const ofSuite = github.endpoint(
    "GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs",
    { ...names, check_suite_id: suite, filter: "all", per_page: 100 },
  );
  const deploymentOf = new Map<number, number>();
  const checks = eachPage(
    github,
    as,
    ofSuite,
    checksPage,
    ({ check_runs: list }) => {
      for (const { id, deployment } of list)
        if (deployment !== null && deployment !== undefined) deploymentOf.set(id, deployment.id);
      return list.length;
    },
    pages,
  );
  await orAbsent(checks);
  const ofJobs = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs", {
    ...names,
    run_id: runId,
    filter: "all",
    per_page: 100,
  });
  const tries: Try[] = [];
  const jobs = eachPage(
    github,
    as,
    ofJobs,
    jobsPage,
    ({ jobs: list }) => {
      // A job and its check run share one id.
      for (const { id, name, run_attempt: attempt } of list) {
        const deployment = deploymentOf.get(id);
        if (deployment !== undefined) tries.push({ deployment, name, attempt: attempt ?? 1 });
      }
      return list.length;
    },
    pages,
  );
  await orAbsent(jobs);
  return tries;
}

/**
 * The deployments, those of the commit's newest run marked whose job was run again and made another one. GitHub is asked
 * only where one of several that the run made has not succeeded; what it does not tell stays unmarked, and counts.
 */
export async function markTriedAgain(
  github: GitHub,
  repository: RepositoryRecord,
  rows: readonly DeploymentRow[],
  { sha, now }: { readonly sha: string; readonly now: number },
): Promise<readonly DeploymentRow[]> {
  const runId = newestTelling(rows, sha, now)?.runId ?? null;
  const made = rows.filter((row) => row.sha === sha && row.runId === runId);
  const isMixed = made.length > 1 && made.some((row) => row.succeededAt === null || hasFailed(row));
  if (runId === null || !isMixed) return rows;
  const tries = await readTries(github, repository, runId);
  const known = new Set(made.map(({ deploymentId }) => deploymentId));
  const isTriedAgain = (row: DeploymentRow): boolean => {
    const own = tries.find(({ deployment }) => deployment === row.deploymentId);
    return (
      own !== undefined &&
      tries.some(
        ({ deployment, name, attempt }) =>
          name === own.name && attempt > own.attempt && known.has(deployment),
      )
    );
  };
  return rows.map((row) =>
    made.includes(row) && isTriedAgain(row) ? { ...row, triedAgain: true } : row,
  );
}
