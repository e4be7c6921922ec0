import { z } from "zod";
import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { asRepository } from "../client/requests.ts";

/** null: nothing of that name is there. */
export async function readCommit(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
): Promise<string | null> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/commits/{ref}", {
    owner: repository.owner,
    repo: repository.name,
    ref: sha,
    per_page: 1,
  });
  try {
    return (await github.rest(asRepository(repository), request, z.object({ sha: z.string() })))
      .data.sha;
  } catch (error) {
    // A name that is none is "unprocessable" to GitHub.
    if (error instanceof GatehouseError && (error.code === "not_found" || error.code === "invalid"))
      return null;
    throw error;
  }
}
