import { isAncestor } from "../git/history.ts";
import { suiteFor } from "../world/check-writes.ts";
import type { Pull } from "../world/pulls.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { emitCheckSuite } from "../webhooks/checks.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { mark } from "./timeline.ts";

/** A push to a branch is a `synchronize` for the open pull requests that come from it; those of this repository are answered. */
export function headMoved(
  world: World,
  repo: Repo,
  branch: string,
  before: string,
  after: string,
  byId: number,
): readonly Pull[] {
  const moved: Pull[] = [];
  for (const target of world.repos.values()) {
    for (const pull of target.pulls.values()) {
      const issue = target.issues.get(pull.number);
      if (issue?.state !== "open" || pull.headRepoId !== repo.id || pull.headRef !== branch)
        continue;
      pull.headSha = after;
      pull.baseSha = target.refs.get(`refs/heads/${pull.baseRef}`) ?? pull.baseSha;
      issue.updatedAt = world.now();
      if (!isAncestor(world.git, before, after))
        mark(world, issue, { event: "head_ref_force_pushed", actorId: byId, before, after });
      requestSuite(world, target, after);
      emitPull(world, target, pull, "synchronize", byId, { before, after });
      if (target === repo) moved.push(pull);
    }
  }
  return moved;
}

/** GitHub opens a check suite for the App on every head and asks it for checks. */
export function requestSuite(world: World, repo: Repo, sha: string): void {
  emitCheckSuite(world, repo, suiteFor(world, repo, world.appId, sha), "requested");
}
