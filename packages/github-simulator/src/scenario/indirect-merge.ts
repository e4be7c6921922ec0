import { commitsBetween, isAncestor } from "../git/history.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { mark } from "./timeline.ts";

/** A push that brings the head of an open pull request into its base makes GitHub call it merged, by the commit that brought it. */
export function mergedIndirectly(
  world: World,
  repo: Repo,
  branch: string,
  before: string,
  after: string,
  byId: number,
): void {
  for (const pull of repo.pulls.values()) {
    const issue = repo.issues.get(pull.number);
    if (issue?.state !== "open" || pull.baseRef !== branch || pull.queue !== null) continue;
    if (isAncestor(world.git, pull.headSha, before) || !isAncestor(world.git, pull.headSha, after))
      continue;
    const onBranch = new Set(commitsBetween(world.git, before, after).map(({ sha }) => sha));
    let brought = after;
    for (;;) {
      const parent = world.git.commits.get(brought)?.parents[0];
      if (parent === undefined || !onBranch.has(parent)) break;
      if (!isAncestor(world.git, pull.headSha, parent)) break;
      brought = parent;
    }
    pull.baseSha = before;
    pull.merged = true;
    pull.mergedAt = world.now();
    pull.mergedById = byId;
    pull.mergeCommitSha = brought;
    issue.state = "closed";
    issue.closedAt = world.now();
    issue.closedById = byId;
    issue.updatedAt = world.now();
    mark(world, issue, { event: "merged", actorId: byId, commitSha: brought });
    mark(world, issue, { event: "closed", actorId: byId });
    emitPull(world, repo, pull, "closed", byId);
  }
}
