import type { Act } from "#core/model/act.ts";
import { inert } from "#core/text/markdown.ts";
import { actOf } from "./acts.ts";
import { firstWord } from "./arguments.ts";
import { grantWords, mayStop } from "./authority.ts";
import { done, refused, type Call, type Command } from "./command.ts";
import { grantOf, overrideGrants } from "./override-choice.ts";
import { requestsOf } from "./override-requests.ts";

/**
 * What is kept for requests that were said before this and are heard of after it: an override that was taken back is
 * not granted because its comment came late. `undefined` while it cannot be told whose word this is.
 */
function forLateWords(call: Call, named: string | null): Act | undefined {
  const definitions = call.policy.overrides.filter(({ name }) => named === null || name === named);
  const rights = definitions.map((definition) => ({
    name: definition.name,
    may: mayStop(call, [grantOf(definition)]),
  }));
  if (rights.some(({ may }) => may === undefined)) return undefined;
  return actOf({ ...call, id: `${call.id}:late` }, "override_cancel", {
    reason: call.rest,
    detail: {
      override: "",
      names: rights.filter(({ may }) => may === true).map(({ name }) => name),
      own: rights.map(({ name }) => name),
    },
  });
}

export const overrideCancel: Command = {
  name: "override-cancel",
  usage: "[override]",
  summary: "Takes overrides of this pull request back, asked for or granted.",
  who: "as the override's `by` says; who asked",
  grants: overrideGrants,
  run: (call) => {
    const { word } = firstWord(call.rest);
    const named =
      call.policy.overrides.find(({ name }) => name.toLowerCase() === word.toLowerCase())?.name ??
      null;
    const late = forLateWords(call, named);
    if (late === undefined) return undefined;
    const live = requestsOf(call).filter(
      ({ act, state }) => state.kind !== "over" && (named === null || act.name === named),
    );
    if (live.length === 0) return refused("No override is asked for or granted here.", [late]);
    const answers = live.map((request) => ({
      request,
      may:
        request.act.actor.id === call.actor.id ||
        (request.definition !== null && mayStop(call, [grantOf(request.definition)])),
    }));
    if (answers.some(({ may }) => may === undefined)) return undefined;
    const mine = answers.filter(({ may }) => may === true);
    if (mine.length === 0)
      return refused(
        `Only ${grantWords(
          live.flatMap(({ definition }) => (definition === null ? [] : [grantOf(definition)])),
          call.context.owner,
        )} may take it back.`,
        [late],
      );
    const acts = mine.map(({ request }, index) =>
      actOf({ ...call, id: `${call.id}:${index}` }, "override_cancel", {
        name: request.act.name,
        sha: request.act.sha,
        reason: call.rest,
        detail: { override: request.act.id },
      }),
    );
    return done(
      [...acts, late],
      `Taken back: ${mine.map(({ request }) => inert(request.act.name ?? "")).join(", ")}.`,
    );
  },
};
