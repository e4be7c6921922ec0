import type { Repo } from "../world/repositories.ts";
import type { World } from "../world/world.ts";
import { mark } from "./timeline.ts";

/** GitHub notes a force-push of the base in the open pull requests onto it, and sends them no event. */
export function baseForcePushed(
  world: World,
  repo: Repo,
  branch: string,
  before: string,
  after: string,
  byId: number,
): void {
  for (const pull of repo.pulls.values()) {
    const issue = repo.issues.get(pull.number);
    if (issue?.state !== "open" || pull.baseRef !== branch) continue;
    issue.updatedAt = world.now();
    mark(world, issue, { event: "base_ref_force_pushed", actorId: byId, before, after });
  }
}
