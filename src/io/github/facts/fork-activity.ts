import { z } from "zod";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asRepository } from "../client/requests.ts";
import { readActivity, type Activity } from "./read-activity.ts";
import type { PullSource } from "./subject-source.ts";

const headOf = z.object({
  head: z.object({
    repo: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }).nullish(),
  }),
});

/**
 * GitHub's record of who pushed to the fork's branch. What is public anybody may read, and so may a token of the base
 * repository; null: the fork is gone, or nobody shows it to us.
 */
export async function readForkActivity(
  source: PullSource,
  branch: string,
): Promise<readonly Activity[] | null> {
  const { github, repository, number } = source;
  const request = github.endpoint("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
    owner: repository.owner,
    repo: repository.name,
    pull_number: number,
  });
  const pull = await orAbsent(github.rest(asRepository(repository), request, headOf));
  const fork = pull?.data.head.repo;
  if (fork === null || fork === undefined) return null;
  try {
    return await readActivity(source, { owner: fork.owner.login, name: fork.name }, branch);
  } catch (error) {
    if (error instanceof GatehouseError && isTransient(error.code)) throw error;
    return null;
  }
}
