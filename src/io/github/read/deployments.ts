import { z } from "zod";
import { isByActions } from "#core/deployments/by-actions.ts";
import type { StatusReported } from "#core/deployments/history.ts";
import { deploymentStates } from "#core/model/deployment.ts";
import type { DeploymentSeen } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import { fromRestUser, restUser } from "../facts/person.ts";
import { instant } from "../facts/instant.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { eachPage, everyPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";

export const restDeployment = z.object({
  id: z.number(),
  environment: z.string(),
  sha: z.string(),
  ref: z.string(),
  creator: restUser,
  created_at: instant,
  updated_at: instant.optional(),
});
const statuses = z.array(z.object({ log_url: z.string().nullish() }));
const run = z.object({ head_sha: z.string(), check_suite_id: z.number().nullish() });
const suiteRuns = z.object({
  check_runs: z.array(
    z.object({ deployment: z.object({ id: z.number(), environment: z.string() }).nullish() }),
  ),
});
const pending = z.array(z.object({ environment: z.object({ name: z.string().nullish() }) }));
const environmentPage = z.object({ environments: z.array(z.object({ name: z.string() })) });
const runPage = z.object({ workflow_runs: z.array(z.object({ id: z.number() })) });
const rules = z.object({
  custom_deployment_protection_rules: z
    .array(z.object({ enabled: z.boolean(), app: z.object({ id: z.number() }) }))
    .nullish(),
});

const namesOf = (repository: RepositoryRecord) => ({
  owner: repository.owner,
  repo: repository.name,
});

export const seenOf = (row: z.infer<typeof restDeployment>): DeploymentSeen => ({
  deploymentId: row.id,
  environment: row.environment,
  sha: row.sha,
  ref: row.ref,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  creator: fromRestUser(row.creator),
});

/** How many deployments of one environment are looked through for the one that a run made. */
const mostCandidates = 10;

/** The newest deployment to an environment that the check runs of a suite, which are the jobs of one run, name. */
async function deploymentOfSuite(
  github: GitHub,
  repository: RepositoryRecord,
  suite: number,
  environment: string,
): Promise<number | null> {
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs",
    { ...namesOf(repository), check_suite_id: suite, per_page: 100 },
  );
  const answer = await orAbsent(github.rest(asRepository(repository), request, suiteRuns));
  const ids = (answer?.data.check_runs ?? []).flatMap(({ deployment }) =>
    deployment?.environment.toLowerCase() === environment.toLowerCase() ? [deployment.id] : [],
  );
  return ids.length === 0 ? null : Math.max(...ids);
}

/**
 * The newest deployment that the run made to the environment. A deployment names no run; that of a push is of the
 * run's own commit, and a pull request's (which is of a merge commit) is told by the address of its log. Where several
 * runs deploy one commit, the run's own jobs say which is theirs; nothing is guessed, because the answer to one would
 * let another through.
 */
export async function readDeploymentOfRun(
  github: GitHub,
  repository: RepositoryRecord,
  runId: number,
  environment: string,
): Promise<DeploymentSeen | null> {
  const as = asRepository(repository);
  const asked = await orAbsent(
    github.rest(
      as,
      github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", {
        ...namesOf(repository),
        run_id: runId,
      }),
      run,
    ),
  );
  if (asked === null) return null;
  const request = github.endpoint("GET /repos/{owner}/{repo}/deployments", {
    ...namesOf(repository),
    environment,
    per_page: mostCandidates,
  });
  const { data } = await github.rest(as, request, z.array(restDeployment));
  const { head_sha: head, check_suite_id: suite } = asked.data;
  if (data.filter(({ sha }) => sha === head).length > 1 && typeof suite === "number") {
    const id = await deploymentOfSuite(github, repository, suite, environment);
    const own = data.find((candidate) => candidate.id === id);
    if (own !== undefined) return seenOf(own);
  }
  const unclaimed: (typeof data)[number][] = [];
  for (const candidate of data.toSorted((a, b) => b.id - a.id)) {
    if (candidate.environment.toLowerCase() !== environment.toLowerCase()) continue;
    if (candidate.sha === head && data.filter(({ sha }) => sha === candidate.sha).length === 1)
      return seenOf(candidate);
    const read = github.endpoint("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
      ...namesOf(repository),
      deployment_id: candidate.id,
      per_page: 10,
    });
    const said = await orAbsent(github.rest(as, read, statuses));
    if (
      said?.data.some(({ log_url }) =>
        new RegExp(`/actions/runs/${runId}(?:/|$)`).test(log_url ?? ""),
      ) === true
    )
      return seenOf(candidate);
    const isOfAnother = said?.data.some(({ log_url }) => /\/runs\/\d/.test(log_url ?? ""));
    if (candidate.sha === head && isOfAnother === false) unclaimed.push(candidate);
  }
  const [only] = unclaimed;
  return only !== undefined && unclaimed.length === 1 ? seenOf(only) : null;
}

/** Environments whose protection rules the run waits for; null if GitHub does not know the run, or does not tell. */
export async function readWaitingAt(
  github: GitHub,
  repository: RepositoryRecord,
  runId: number,
): Promise<readonly string[] | null> {
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments",
    { ...namesOf(repository), run_id: runId },
  );
  const answer = await orAbsent(github.rest(asRepository(repository), request, pending));
  return answer === null
    ? null
    : answer.data.flatMap(({ environment }) =>
        typeof environment.name === "string" ? [environment.name] : [],
      );
}

/** GitHub lists at most a thousand runs; more than that wait nowhere. */
export async function readWaitingRuns(
  github: GitHub,
  repository: RepositoryRecord,
): Promise<readonly number[]> {
  const runs: number[] = [];
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs", {
    ...namesOf(repository),
    status: "waiting",
    per_page: 100,
  });
  const read = eachPage(
    github,
    asRepository(repository),
    request,
    runPage,
    (page) => {
      runs.push(...page.workflow_runs.map(({ id }) => id));
      return page.workflow_runs.length;
    },
    { maxPages: 10 },
  );
  await orAbsent(read);
  return runs;
}

/** None where the plan has none. */
export async function readEnvironments(
  github: GitHub,
  repository: RepositoryRecord,
): Promise<readonly string[]> {
  const names: string[] = [];
  const request = github.endpoint("GET /repos/{owner}/{repo}/environments", {
    ...namesOf(repository),
    per_page: 100,
  });
  const read = eachPage(
    github,
    asRepository(repository),
    request,
    environmentPage,
    (page) => {
      names.push(...page.environments.map(({ name }) => name));
      return page.environments.length;
    },
    { maxPages: 20 },
  );
  await orAbsent(read);
  return names;
}

export async function readIsGated(
  github: GitHub,
  repository: RepositoryRecord,
  environment: string,
): Promise<boolean> {
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules",
    { ...namesOf(repository), environment_name: environment },
  );
  const answer = await orAbsent(github.rest(asRepository(repository), request, rules));
  return (answer?.data.custom_deployment_protection_rules ?? []).some(
    (rule) => rule.enabled && rule.app.id === github.appId,
  );
}

/** The newest deployments to an environment, newest first; of one commit where `sha` is given. */
export async function readRecentDeployments(
  github: GitHub,
  repository: RepositoryRecord,
  environment: string,
  sha: string | null,
  most: number,
): Promise<readonly DeploymentSeen[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/deployments", {
    ...namesOf(repository),
    environment,
    ...(sha === null ? {} : { sha }),
    per_page: most,
  });
  const { data } = await github.rest(asRepository(repository), request, z.array(restDeployment));
  return data.toSorted((a, b) => b.created_at - a.created_at || b.id - a.id).map(seenOf);
}

/** One deployment by its number; null where it is not there (any more). */
export async function readDeployment(
  github: GitHub,
  repository: RepositoryRecord,
  deploymentId: number,
): Promise<DeploymentSeen | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/deployments/{deployment_id}", {
    ...namesOf(repository),
    deployment_id: deploymentId,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, restDeployment));
  return answer === null ? null : seenOf(answer.data);
}

const statusRow = z.array(
  z.object({
    state: z.enum(deploymentStates),
    created_at: instant,
    creator: restUser.optional(),
    performed_via_github_app: z.object({ slug: z.string().nullish() }).nullish(),
    log_url: z.string().nullish(),
  }),
);

/** A deployment status. `runId`: the run in which GitHub Actions says it was set; null where it set none, or does not tell. */
export interface StatusSeen extends StatusReported {
  readonly runId: number | null;
}

export async function readStatuses(
  github: GitHub,
  repository: RepositoryRecord,
  deploymentId: number,
): Promise<readonly StatusSeen[]> {
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    { ...namesOf(repository), deployment_id: deploymentId, per_page: 100 },
  );
  const rows = await orAbsent(everyPage(github, asRepository(repository), request, statusRow, 20));
  return (rows ?? []).map((row) => {
    const byActions = isByActions({
      creator: row.creator ?? null,
      via: row.performed_via_github_app ?? null,
    });
    const run = byActions
      ? /\/actions\/runs\/([1-9]\d{0,14})(?:\/|$)/.exec(row.log_url ?? "")
      : null;
    return {
      state: row.state,
      at: row.created_at,
      byActions,
      by: fromRestUser(row.creator) ?? undefined,
      runId: run?.[1] === undefined ? null : Number(run[1]),
    };
  });
}

/** How many deployments of one commit are looked through. */
const mostOfCommit = 5;

/** The newest deployment of the commit that waits, is queued, or was only created. */
export async function readUnstartedDeployment(
  github: GitHub,
  repository: RepositoryRecord,
  environment: string,
  sha: string,
): Promise<DeploymentSeen | null> {
  for (const seen of await readRecentDeployments(
    github,
    repository,
    environment,
    sha,
    mostOfCommit,
  )) {
    const said = await readStatuses(github, repository, seen.deploymentId);
    if (said.every(({ state }) => state === "waiting" || state === "queued" || state === "pending"))
      return seen;
  }
  return null;
}
