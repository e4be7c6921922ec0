import type { Act, ActKind } from "#core/model/act.ts";
import { inCommentOrder } from "#core/model/comment-order.ts";
import type { Call } from "./command.ts";

/** An act of the person who spoke, on the pull request where it was said. */
export function actOf(
  call: Call,
  kind: ActKind,
  over: Partial<Omit<Act, "id" | "kind" | "actor">> = {},
): Act {
  return {
    id: call.id,
    kind,
    repository: call.context.repository,
    pullRequest: call.context.number,
    environment: null,
    sha: null,
    name: null,
    actor: call.actor,
    at: call.now,
    said: call.commentedAt ?? null,
    expiresAt: null,
    reason: "",
    detail: {},
    ...over,
  };
}

/** Acts as they stand with these of this call in their place among them: what came late may have been said before others. */
export const withActs = ({ acts }: Pick<Call, "acts">, made: readonly Act[]): readonly Act[] =>
  inCommentOrder([...acts.toSorted((a, b) => a.at - b.at), ...made]);

/** Of the acts that are known, those that were said before this. */
export function saidBefore(call: Call): readonly Act[] {
  const here = actOf(call, "review");
  const all = withActs(call, [here]);
  return all.slice(0, all.indexOf(here));
}
