import { testMerge } from "./diffs.ts";
import type { Repo } from "./repositories.ts";
import type { World } from "./world.ts";

/** `refs/pull/N/head` and `refs/pull/N/merge` exist without being branches; `null` for any other name. */
export function pullRefSha(world: World, repo: Repo, ref: string): string | null {
  const match = /^(?:refs\/)?pull\/(\d+)\/(head|merge)$/.exec(ref);
  const pull = match === null ? undefined : repo.pulls.get(Number(match[1]));
  if (match === null || pull === undefined) return null;
  return match[2] === "head" ? pull.headSha : (testMerge(world, repo, pull)?.sha ?? null);
}
