import { z } from "zod";
import type { DeploymentFact } from "#core/facts/deployment.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { DeploymentRow } from "#core/model/deployment.ts";
import { bareRef } from "#core/model/ref.ts";
import type { DeploymentSubject } from "#core/model/subject.ts";
import type { Pushes } from "#core/ports/pushes.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { restDeployment } from "../read/deployments.ts";
import { asRepository } from "../client/requests.ts";
import { fromRestUser, restUser } from "./person.ts";
import { orAbsent } from "../client/or-absent.ts";
import { readRefStanding } from "./read-ref.ts";

export const restRun = z.object({
  id: z.number(),
  status: z.string().nullish(),
  event: z.string().nullish(),
  run_attempt: z.number().nullish(),
  actor: restUser,
  triggering_actor: restUser,
  head_sha: z.string(),
  head_branch: z.string().nullish(),
  head_repository: z.object({ id: z.number() }).nullish(),
});

const gone = (what: string, repository: RepositoryRecord): GatehouseError =>
  new GatehouseError("gone", `there is no ${what} in ${repository.owner}/${repository.name}`, {
    repository: repository.id,
  });

/**
 * The run says who asked, who ran it again and whether it is over; the deployment's creator is often GitHub Actions
 * itself. `heard` is what the protection rule\'s request said: where the run agrees on commit and ref, the deployment, which
 * never changes, is not asked for again.
 */
export async function readDeployment(
  github: GitHub,
  repository: RepositoryRecord,
  subject: DeploymentSubject,
  heard: DeploymentRow | null,
  pushes: Pushes,
): Promise<DeploymentFact> {
  const as = asRepository(repository);
  const names = { owner: repository.owner, repo: repository.name };
  const { runId } = subject;
  const run =
    runId === null
      ? null
      : await orAbsent(
          github.rest(
            as,
            github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", {
              ...names,
              run_id: runId,
            }),
            restRun,
          ),
        );
  if (runId !== null && run === null) throw gone(`run ${runId}`, repository);
  const agrees =
    run !== null &&
    heard !== null &&
    run.data.head_sha === subject.sha &&
    run.data.head_branch === bareRef(subject.ref);
  const deployed = agrees
    ? null
    : await orAbsent(
        github.rest(
          as,
          github.endpoint("GET /repos/{owner}/{repo}/deployments/{deployment_id}", {
            ...names,
            deployment_id: subject.deploymentId,
          }),
          restDeployment,
        ),
      );
  if (!agrees && deployed === null) throw gone(`deployment ${subject.deploymentId}`, repository);
  if (
    deployed !== null &&
    (deployed.data.sha !== subject.sha ||
      deployed.data.environment.toLowerCase() !== subject.environment.toLowerCase())
  ) {
    throw new GatehouseError(
      "invalid",
      `deployment ${deployed.data.id} is of ${deployed.data.sha.slice(0, 7)} to ${deployed.data.environment}, which is not what was asked to be judged`,
    );
  }
  const ref = deployed?.data.ref ?? subject.ref;
  const scheduled = run?.data.event === "schedule";
  const named = fromRestUser(run === null ? deployed?.data.creator : run.data.actor);
  const again = run === null ? null : fromRestUser(run.data.triggering_actor);
  // The first attempt of a scheduled run names its last editor in both places, who asked for nothing.
  const actor = scheduled ? null : named;
  const isAgain = scheduled ? (run?.data.run_attempt ?? 1) > 1 : again?.id !== named?.id;
  const home = run?.data.head_repository;
  return {
    id: subject.deploymentId,
    environment: subject.environment,
    sha: subject.sha,
    ref,
    actor,
    triggeredBy: again !== null && isAgain ? again : null,
    scheduled,
    // Ours, in our time, where the question was heard.
    createdAt: heard?.createdAt ?? deployed?.data.created_at ?? 0,
    // A repository that is gone was another one's: its code is a stranger's.
    fork: run !== null && home?.id !== repository.id,
    ...(await readRefStanding(github, repository, ref, subject.sha, pushes)),
    over: run?.data.status === "completed",
  };
}
