import { actor } from "../world/accounts.ts";
import { issueNumbered, repoNamed } from "../world/lookup.ts";
import type { World } from "../world/world.ts";
import { mark } from "./timeline.ts";

/** GitHub's coding agent begins to work on a pull request: the timeline's line is in the name of the person who asked it to. */
export function agentStarts(
  world: World,
  input: { readonly repo: string; readonly number: number; readonly askedBy: string },
): void {
  mark(world, issueNumbered(repoNamed(world, input.repo), input.number), {
    event: "copilot_work_started",
    actorId: actor(world, input.askedBy).id,
  });
}

/** Somebody, an agent for instance, assigns a pull request to somebody. */
export function assign(
  world: World,
  input: {
    readonly repo: string;
    readonly number: number;
    readonly to: string;
    readonly by: string;
  },
): void {
  const on = issueNumbered(repoNamed(world, input.repo), input.number);
  const assigneeId = actor(world, input.to).id;
  on.assigneeIds = [...new Set([...on.assigneeIds, assigneeId])];
  mark(world, on, { event: "assigned", actorId: actor(world, input.by).id, assigneeId });
}
