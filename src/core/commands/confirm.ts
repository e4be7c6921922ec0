import type { OverrideRequest } from "../overrides/grant.ts";
import type { OverrideConfirmed } from "../overrides/request.ts";
import { inert } from "../render/markdown.ts";
import { overrideStanding } from "../render/override.ts";
import { actOf } from "./acts.ts";
import { firstWord } from "./arguments.ts";
import { grantWords, mayUse } from "./authority.ts";
import { boundCommit, headMoved } from "./bound-commit.ts";
import { done, refused, type Call, type Command } from "./command.ts";
import { hadHandInChange } from "./hand-in-change.ts";
import { grantOf, overrideGrants } from "./override-choice.ts";
import { requestsOf } from "./override.ts";

/** Requests that wait for somebody, newest first; of one override where its name was said. */
function waiting(call: Call): readonly OverrideRequest[] {
  const { word } = firstWord(call.rest);
  const named = call.policy.overrides.some(({ name }) => name === word.toLowerCase())
    ? word.toLowerCase()
    : null;
  return requestsOf(call)
    .filter(({ act, state }) => state.kind === "waiting" && (named === null || act.name === named))
    .toReversed();
}

export const confirm: Command = {
  name: "confirm",
  usage: "[override]",
  summary: "Confirms an override that somebody else asked for.",
  who: "as the override's `by` says; not who asked",
  grants: overrideGrants,
  run: (call) => {
    const open = waiting(call);
    if (open.length === 0) return refused("No override waits for a confirmation here.");
    if (boundCommit(call) === null) return refused(headMoved);
    const others = open.filter(({ act }) => act.actor.id !== call.actor.id);
    if (others.length === 0)
      return refused("Somebody else confirms it: who asked for an override does not count twice.");
    let isOpen = false;
    for (const request of others) {
      if (request.definition === null) continue;
      const may = mayUse(call, [grantOf(request.definition)]);
      if (may === undefined) isOpen = true;
      if (may === true) return confirmRequest(call, request);
    }
    if (isOpen) return undefined;
    const grants = others.flatMap(({ definition }) =>
      definition === null ? [] : [grantOf(definition)],
    );
    return refused(`Only ${grantWords(grants, call.place.owner)} may confirm this.`);
  },
};

function confirmRequest(call: Call, request: OverrideRequest): ReturnType<Command["run"]> {
  if (request.confirmedBy.some((person) => person.id === call.actor.id))
    return refused(
      `You have confirmed ${inert(request.act.name ?? "")} already; somebody else is needed.`,
    );
  const wrote = hadHandInChange(call);
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
  return done([act], after === undefined ? null : overrideStanding(after, call.place.owner, "new"));
}
