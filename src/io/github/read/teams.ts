import { z } from "zod";
import type { TeamSeen } from "#core/ports/github.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";

const team = z.object({ id: z.number(), privacy: z.string().nullish() });

/** A team by its slug; null where there is none. One whose privacy is not told is taken to be secret. */
export async function readTeam(
  github: GitHub,
  repository: RepositoryRecord,
  org: string,
  slug: string,
): Promise<TeamSeen | null> {
  const request = github.endpoint("GET /orgs/{org}/teams/{team_slug}", { org, team_slug: slug });
  const answer = await orAbsent(github.rest(asRepository(repository), request, team));
  return answer === null
    ? null
    : { id: answer.data.id, isSecret: answer.data.privacy !== "closed" };
}
