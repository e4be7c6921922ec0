import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { asRepository } from "../client/requests.ts";

const comparison = z.object({ behind_by: z.number() });

/** How many commits of `base` the head lacks. Of the commits and files themselves one page is enough. */
export async function readBehind(
  github: GitHub,
  repository: RepositoryRecord,
  base: string,
  head: string,
): Promise<number> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
    owner: repository.owner,
    repo: repository.name,
    basehead: `${base}...${head}`,
    per_page: 1,
    page: 1,
  });
  return (await github.rest(asRepository(repository), request, comparison)).data.behind_by;
}
