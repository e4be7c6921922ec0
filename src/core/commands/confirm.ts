import type { OverrideRequest } from "#core/overrides/grant.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { firstWord } from "./arguments.ts";
import { grantWords, mayUse } from "./authority.ts";
import { boundCommit, headMoved } from "./bound-commit.ts";
import { conditionIn } from "./condition.ts";
import { refused, type Call, type Command } from "./command.ts";
import { grantOf, overrideGrants } from "./override-choice.ts";
import { confirmRequest, requestsOf } from "./override-requests.ts";

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
    const first = firstWord(call.rest);
    const isNamed = call.policy.overrides.some(({ name }) => name === first.word.toLowerCase());
    const condition = conditionIn(isNamed ? first.rest : call.rest);
    if (condition !== null)
      return refused(`${condition} Say ${commandSpan("confirm")} when it may be granted.`);
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
    return refused(`Only ${grantWords(grants, call.context.owner)} may confirm this.`);
  },
};
