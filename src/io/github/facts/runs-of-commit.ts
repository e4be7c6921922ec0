import { z, type ZodType } from "zod";
import { branchRef } from "#core/facts/run-origin.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { everyCounted } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";

/** The branch a run belongs to; nothing where GitHub does not say. */
export const refOfRun = (branch: string | null | undefined): { readonly ref?: string } =>
  branch === null || branch === undefined || branch === "" ? {} : { ref: branchRef(branch) };

/** Every workflow run that GitHub lists for a commit, as far as the row's shape looks at it. */
export async function readRunsOfCommit<Row extends { readonly id: number }>(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
  row: ZodType<Row>,
): Promise<readonly Row[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/actions/runs", {
    owner: repository.owner,
    repo: repository.name,
    head_sha: sha,
    per_page: 100,
  });
  const page = z.object({ total_count: z.number().nullish(), workflow_runs: z.array(row) });
  return everyCounted(
    github,
    asRepository(repository),
    request,
    page,
    ({ workflow_runs: items, total_count: total }) => ({ items, total }),
    10,
  );
}
