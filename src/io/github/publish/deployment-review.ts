import { z } from "zod";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { GitHubError } from "../client/github-error.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { writeCaps } from "../client/caps.ts";
import { cutLine, within } from "./within.ts";
import type { EffectOf, Perform } from "./publish-context.ts";

const approvals = z.array(
  z.object({
    environments: z.array(z.object({ name: z.string().nullish() })),
    user: z.object({ type: z.string().nullish() }).nullish(),
  }),
);
const pending = z.array(z.object({ environment: z.object({ name: z.string().nullish() }) }));

/** Whether the environment was answered already: a verdict stands, or nothing waits there any more. */
async function isSettled(
  github: GitHub,
  effect: EffectOf<"deployment_review">,
  repository: RepositoryRecord,
): Promise<boolean> {
  const as = asRepository(repository, "deployments");
  const run = { ...namesOf(repository), run_id: effect.runId };
  const given = await orAbsent(
    github.rest(
      as,
      github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals", run),
      approvals,
    ),
  );
  const isHere = (name: string | null | undefined): boolean =>
    typeof name === "string" && sameEnvironment(name, effect.environment);
  // A review that a person gave at GitHub is not our answer.
  if (
    given?.data.some(
      (review) =>
        review.user?.type !== "User" && review.environments.some(({ name }) => isHere(name)),
    ) === true
  )
    return true;
  const waiting = await orAbsent(
    github.rest(
      as,
      github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments", run),
      pending,
    ),
  );
  return waiting !== null && !waiting.data.some(({ environment }) => isHere(environment.name));
}

/**
 * Answers a deployment protection rule. The address is built from our own GitHub and the run's number: the callback
 * URL of a payload would take the token wherever it likes (threat T38).
 */
export const performDeploymentReview: Perform<"deployment_review"> = async (
  github,
  effect,
  repository,
  { mayLeave },
) => {
  if (!Number.isSafeInteger(effect.runId) || effect.runId <= 0)
    throw new GitHubError("invalid", "a workflow run's id is a whole number");
  const request = github.endpoint(
    "POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule",
    {
      ...namesOf(repository),
      run_id: effect.runId,
      environment_name: effect.environment,
      comment: within(effect.comment, writeCaps.deploymentComment, cutLine),
      ...(effect.state === null ? {} : { state: effect.state }),
    },
  );
  try {
    await github.rest(asRepository(repository, "deployments"), request, z.unknown(), {
      before: mayLeave,
    });
  } catch (error) {
    // A status report that is refused (GitHub takes ten), late or not known there changes nothing.
    if (
      effect.state === null &&
      error instanceof GitHubError &&
      ["invalid", "not_found", "unsupported"].includes(error.code)
    )
      return { remoteId: null };
    if (!(error instanceof GitHubError) || error.code !== "invalid") throw error;
    // A verdict must be known to stand.
    if (!(await isSettled(github, effect, repository))) throw error;
  }
  return { remoteId: null };
};
