import type { Act, ActKind } from "#core/model/act.ts";
import type { Call } from "./command.ts";

/** An act of whoever spoke, on the pull request where it was said. */
export function actOf(
  call: Call,
  kind: ActKind,
  over: Partial<Omit<Act, "id" | "kind" | "actor">> = {},
): Act {
  return {
    id: call.id,
    kind,
    repository: call.place.repository,
    pullRequest: call.place.number,
    environment: null,
    sha: null,
    name: null,
    actor: call.actor,
    at: call.now,
    expiresAt: null,
    reason: "",
    detail: {},
    ...over,
  };
}
