import { z } from "zod";
import type { CommitOrder } from "#core/facts/deployments.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { asRepository } from "../client/requests.ts";

const comparison = z.object({ ahead_by: z.number(), behind_by: z.number() });

/** How many commits only the head has, and how many only the base. Of the commits and files themselves one page is enough. */
export async function readOrder(
  github: GitHub,
  repository: RepositoryRecord,
  base: string,
  head: string,
): Promise<CommitOrder> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/compare/{basehead}", {
    owner: repository.owner,
    repo: repository.name,
    basehead: `${base}...${head}`,
    per_page: 1,
    page: 1,
  });
  const { data } = await github.rest(asRepository(repository), request, comparison);
  return { ahead: data.ahead_by, behind: data.behind_by };
}
