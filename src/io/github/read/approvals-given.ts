import { z } from "zod";
import { sameEnvironment } from "#core/deployments/environment.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { readAppSlug } from "./installations.ts";

const reviews = z.array(
  z.object({
    state: z.string(),
    environments: z.array(z.object({ name: z.string().nullish() })),
    user: z.object({ login: z.string() }).nullish(),
  }),
);

/** How often this App approved the environment in the run; null where GitHub does not tell, or does not know the run. */
export async function readApprovalsGiven(
  github: GitHub,
  repository: RepositoryRecord,
  runId: number,
  environment: string,
): Promise<number | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals", {
    ...namesOf(repository),
    run_id: runId,
  });
  const answer = await orAbsent(github.rest(asRepository(repository), request, reviews));
  if (answer === null) return null;
  const own = `${await readAppSlug(github)}[bot]`.toLowerCase();
  return answer.data.filter(
    ({ state, environments, user }) =>
      state === "approved" &&
      user?.login.toLowerCase() === own &&
      environments.some(
        ({ name }) => typeof name === "string" && sameEnvironment(name, environment),
      ),
  ).length;
}
