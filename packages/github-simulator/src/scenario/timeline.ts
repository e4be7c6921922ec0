import type { Issue, TimelineEvent } from "../world/issues.ts";
import type { World } from "../world/world.ts";

/** Adds a line to the timeline of an issue or pull request. */
export function mark(
  world: World,
  issue: Issue,
  line: Omit<TimelineEvent, "id" | "createdAt">,
): void {
  issue.timeline.push({ ...line, id: world.nextId(), createdAt: world.now() });
}
