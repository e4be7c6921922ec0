import { overrideRequests, type OverrideRequest } from "#core/overrides/grant.ts";
import type { OverrideConfirmed } from "#core/overrides/request.ts";
import { inert } from "#core/text/markdown.ts";
import { overrideState } from "#core/render/override.ts";
import { actOf } from "./acts.ts";
import { countingCommits } from "./bound-commit.ts";
import { nobodyToConfirm } from "./confirmers-left.ts";
import { done, refused, type Call, type Command } from "./command.ts";
import { hadHandInCommit } from "./hand-in-change.ts";
import { requestersFor } from "./requesters-for.ts";

/** Every request on this pull request, with where it stands now. */
export const requestsOf = (call: Call): readonly OverrideRequest[] =>
  overrideRequests(call.acts, {
    requestersFor: (act) => requestersFor(call, act).map(({ id }) => id),
    definitions: call.policy.overrides,
    shas: countingCommits(call),
    now: call.now,
    labels: call.context.labels,
    headSince: call.context.headSince,
    base: call.context.baseRef,
    baseChangedAt: call.context.baseChangedAt,
  });

/** Confirms a request of somebody else, by somebody whose right to it is settled. */
export function confirmRequest(call: Call, request: OverrideRequest): ReturnType<Command["run"]> {
  if (request.confirmedBy.some((person) => person.id === call.actor.id))
    return refused(
      `You have confirmed ${inert(request.act.name ?? "")} already; somebody else is needed.`,
    );
  const wrote = hadHandInCommit(call, request.act.sha);
  if (wrote === undefined) return undefined;
  const detail: OverrideConfirmed = { override: request.act.id, wrote };
  const act = actOf(call, "confirm", {
    sha: request.act.sha,
    name: request.act.name,
    reason: call.rest,
    detail: { ...detail },
  });
  const after = requestsOf({ ...call, acts: [...call.acts, act] }).find(
    (each) => each.act.id === request.act.id,
  );
  if (after === undefined) return done([act]);
  const trouble = nobodyToConfirm(call, after);
  return trouble === undefined
    ? undefined
    : done([act], `${overrideState(after, call.context.owner, "new")}${trouble}`);
}
