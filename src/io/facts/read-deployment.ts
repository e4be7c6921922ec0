import { z } from "zod";
import type { DeploymentFact } from "../../core/facts/deployment.ts";
import { GatehouseError } from "../../core/model/errors.ts";
import type { DeploymentSubject } from "../../core/model/subject.ts";
import type { RepositoryRecord } from "../../core/ports.ts";
import type { GitHub } from "../github/client.ts";
import { asRepository } from "../github/requests.ts";
import { instant } from "./instant.ts";
import { fromRestUser, restUser } from "./person.ts";
import { orAbsent } from "../github/or-absent.ts";

export const restDeployment = z.object({ id: z.number(), environment: z.string(), sha: z.string(), ref: z.string(), creator: restUser, created_at: instant });
export const restRun = z.object({ id: z.number(), actor: restUser, triggering_actor: restUser, head_sha: z.string() });

/** The run says who asked; the deployment's creator is often GitHub Actions itself. Both must be of the judged commit. */
export async function readDeployment(github: GitHub, repository: RepositoryRecord, subject: DeploymentSubject): Promise<DeploymentFact> {
  const as = asRepository(repository);
  const names = { owner: repository.owner, repo: repository.name };
  const run = subject.runId;
  const [deployed, asked] = await Promise.all([
    orAbsent(github.rest(as, github.endpoint("GET /repos/{owner}/{repo}/deployments/{deployment_id}", { ...names, deployment_id: subject.deploymentId }), restDeployment)),
    run === null ? null : github.rest(as, github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { ...names, run_id: run }), restRun),
  ]);
  if (deployed === null) throw new GatehouseError("gone", `there is no deployment ${subject.deploymentId} in ${repository.owner}/${repository.name}`);
  const { data } = deployed;
  if (data.sha !== subject.sha || data.environment !== subject.environment) {
    throw new GatehouseError("stale", `deployment ${data.id} is of ${data.sha.slice(0, 7)} to ${data.environment}, which is not what was asked to be judged`);
  }
  const actor = fromRestUser(asked === null ? data.creator : asked.data.actor);
  const again = asked === null ? null : fromRestUser(asked.data.triggering_actor);
  return {
    id: data.id,
    environment: data.environment,
    sha: data.sha,
    ref: data.ref,
    actor,
    triggeredBy: again !== null && again.id !== actor?.id ? again : null,
    createdAt: data.created_at,
  };
}
