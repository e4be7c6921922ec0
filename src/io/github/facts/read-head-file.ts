import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { readText } from "../read/contents.ts";
import type { ExpiringCache } from "./expiring-cache.ts";

/** Longer texts are not kept: the cache is for workflows and the like. */
const longestKept = 32 * 1024;

/** A text file of a commit, null where there is none. A commit's files never change; an absence may be a lag, and is asked for again. */
export async function readHeadFile(
  github: GitHub,
  repository: RepositoryRecord,
  sha: string,
  path: string,
  cache: ExpiringCache<string | null>,
): Promise<string | null> {
  const key = `${repository.installationId}:${repository.id}:${sha}:${path}`;
  const text = await cache.get(
    key,
    async () => (await readText(github, repository, path, sha))?.text ?? null,
  );
  if (text === null || text.length > longestKept) cache.drop((one) => one === key);
  return text;
}
