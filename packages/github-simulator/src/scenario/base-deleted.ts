import { resolveRef } from "../world/lookup.ts";
import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { emitPull } from "../webhooks/pulls.ts";
import { mark } from "./timeline.ts";

/**
 * What becomes of pull requests onto a branch that was deleted: where it was the head of a merged pull request, GitHub
 * moves them to that one's base by itself; else it closes them.
 */
export function baseDeleted(
  world: World,
  repo: Repo,
  branch: string,
  byId: number,
  quiet: boolean,
): void {
  const merged = [...repo.pulls.values()].find(
    (pull) => pull.merged && pull.headRepoId === repo.id && pull.headRef === branch,
  );
  for (const pull of repo.pulls.values()) {
    const issue = repo.issues.get(pull.number);
    if (issue?.state !== "open" || pull.baseRef !== branch) continue;
    const base = merged === undefined ? null : resolveRef(world, repo, merged.baseRef);
    issue.updatedAt = world.now();
    if (merged === undefined || base === null) {
      issue.state = "closed";
      issue.closedAt = world.now();
      issue.closedById = byId;
      mark(world, issue, { event: "base_ref_deleted", actorId: byId });
      mark(world, issue, { event: "closed", actorId: byId });
      emitPull(world, repo, pull, "closed", byId);
      continue;
    }
    const changes = { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } };
    mark(world, issue, {
      event: "automatic_base_change_succeeded",
      actorId: byId,
      previousBase: pull.baseRef,
      currentBase: merged.baseRef,
    });
    pull.baseRef = merged.baseRef;
    pull.baseSha = base;
    if (!quiet) emitPull(world, repo, pull, "edited", byId, { changes });
  }
}
