import { z } from "zod";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { OthersAtGitHub } from "#core/deployments/others-at-github.ts";
import { type ErrorCode, GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { instant } from "../facts/instant.ts";
import type { ExpiringCache } from "../facts/expiring-cache.ts";

/** GitHub's own rules of an environment that keep a job waiting. */
export interface OwnRules {
  readonly reviewers: boolean;
  readonly timer: boolean;
}

const environmentAnswer = z.object({
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.number().nullish(),
        reviewers: z.array(z.unknown()).nullish(),
      }),
    )
    .nullish(),
});
const pending = z.array(
  z.object({
    environment: z.object({ name: z.string().nullish() }),
    wait_timer: z.number().nullish(),
    wait_timer_started_at: instant.nullish(),
  }),
);
const approvals = z.array(
  z.object({
    state: z.string(),
    environments: z.array(z.object({ name: z.string().nullish() })),
    user: z.object({ type: z.string().nullish() }).nullish(),
  }),
);

async function readOwnRules(
  github: GitHub,
  repository: RepositoryRecord,
  environment: string,
): Promise<OwnRules> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/environments/{environment_name}", {
    ...namesOf(repository),
    environment_name: environment,
  });
  const { data } = await github.rest(asRepository(repository), request, environmentAnswer);
  const rules = data.protection_rules ?? [];
  return {
    reviewers: rules.some(
      ({ type, reviewers }) => type === "required_reviewers" && (reviewers ?? []).length > 0,
    ),
    timer: rules.some(
      ({ type, wait_timer: minutes }) => type === "wait_timer" && (minutes ?? 0) > 0,
    ),
  };
}

/** No permission, no such thing on this server, or an answer that is none: not a trouble that passes. */
const notTold: ReadonlySet<ErrorCode> = new Set([
  "not_found",
  "forbidden",
  "unsupported",
  "invalid",
]);

/** When the environment's wait timer ends in the run; null: none runs. */
async function readTimerEnd(
  github: GitHub,
  repository: RepositoryRecord,
  runId: number,
  environment: string,
): Promise<number | null> {
  const request = github.endpoint(
    "GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments",
    { ...namesOf(repository), run_id: runId },
  );
  const { data } = await github.rest(asRepository(repository), request, pending);
  const ends = data.flatMap(
    ({ environment: { name }, wait_timer: minutes, wait_timer_started_at: from }) =>
      typeof name === "string" &&
      sameEnvironment(name, environment) &&
      typeof from === "number" &&
      typeof minutes === "number" &&
      minutes > 0
        ? [from + minutes * 60_000]
        : [],
  );
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Whether one of GitHub's reviewers, of whom one is enough, approved the environment in the run. */
async function readIsReviewed(
  github: GitHub,
  repository: RepositoryRecord,
  runId: number,
  environment: string,
): Promise<boolean> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals", {
    ...namesOf(repository),
    run_id: runId,
  });
  const { data } = await github.rest(asRepository(repository), request, approvals);
  return data.some(
    ({ state, user, environments }) =>
      state === "approved" &&
      user?.type === "User" &&
      environments.some(
        ({ name }) => typeof name === "string" && sameEnvironment(name, environment),
      ),
  );
}

/**
 * What GitHub's own rules of the environment still wait for in the run. The rules themselves are remembered by `cache`:
 * where there are none, nothing more is asked. null: GitHub does not tell; trouble that passes is thrown.
 */
export async function readOthersAtGitHub(
  github: GitHub,
  cache: ExpiringCache<OwnRules>,
  repository: RepositoryRecord,
  runId: number,
  environment: string,
): Promise<OthersAtGitHub | null> {
  try {
    const rules = await cache.get(
      `${repository.installationId}:${repository.id}:${environment.toLowerCase()}`,
      () => readOwnRules(github, repository, environment),
    );
    return {
      reviewers: rules.reviewers && !(await readIsReviewed(github, repository, runId, environment)),
      timerEndsAt: rules.timer ? await readTimerEnd(github, repository, runId, environment) : null,
    };
  } catch (error) {
    if (error instanceof GatehouseError && notTold.has(error.code)) return null;
    throw error;
  }
}
