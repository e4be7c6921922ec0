import { z } from "zod";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Deployments } from "#core/ports/deployments.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";

const named = z.object({ name: z.string() });

/** Whether anything was let through to the environment before, or GitHub has it. A question that is held makes none known. */
export async function readIsKnown(
  github: GitHub,
  repository: RepositoryRecord,
  deployments: Pick<Deployments, "inEnvironment">,
  environment: string,
): Promise<boolean> {
  for (const which of ["approved", "succeeded"] as const)
    if ((await deployments.inEnvironment(repository.id, environment, 1, which)).length > 0)
      return true;
  const request = github.endpoint("GET /repos/{owner}/{repo}/environments/{environment_name}", {
    owner: repository.owner,
    repo: repository.name,
    environment_name: environment,
  });
  const found = await orAbsent(github.rest(asRepository(repository), request, named));
  return found !== null && sameEnvironment(found.data.name, environment);
}
