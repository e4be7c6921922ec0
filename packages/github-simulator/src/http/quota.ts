import { Refusal, type Reply } from "./reply.ts";
import type { Caller } from "./call.ts";
import type { World } from "../world/world.ts";

/** Counts a call against the primary limit; the refusal when nothing is left. */
export function spend(world: World, caller: Caller, path: string): Reply | null {
  const { quota } = world;
  if (quota.limit === null || caller.kind === "app" || path === "/rate_limit") return null;
  if (world.now() >= quota.resetAt) {
    quota.remaining = quota.limit;
    quota.resetAt = world.now() + 3_600_000;
  }
  if (quota.remaining > 0) {
    quota.remaining--;
    return null;
  }
  return new Refusal(403, "API rate limit exceeded for installation.").toReply();
}
