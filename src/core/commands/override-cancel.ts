import { inert } from "#core/text/markdown.ts";
import { actOf } from "./acts.ts";
import { firstWord } from "./arguments.ts";
import { grantWords, mayUse } from "./authority.ts";
import { done, refused, type Command } from "./command.ts";
import { grantOf, overrideGrants } from "./override-choice.ts";
import { requestsOf } from "./override-requests.ts";

export const overrideCancel: Command = {
  name: "override-cancel",
  usage: "[override]",
  summary: "Takes overrides of this pull request back, asked for or granted.",
  who: "as the override's `by` says; who asked",
  grants: overrideGrants,
  run: (call) => {
    const { word } = firstWord(call.rest);
    const isNamed = call.policy.overrides.some(({ name }) => name === word.toLowerCase());
    const live = requestsOf(call).filter(
      ({ act, state }) => state.kind !== "over" && (!isNamed || act.name === word.toLowerCase()),
    );
    if (live.length === 0) return refused("No override is asked for or granted here.");
    const answers = live.map((request) => ({
      request,
      may:
        request.act.actor.id === call.actor.id ||
        (request.definition !== null && mayUse(call, [grantOf(request.definition)])),
    }));
    if (answers.some(({ may }) => may === undefined)) return undefined;
    const mine = answers.filter(({ may }) => may === true);
    if (mine.length === 0)
      return refused(
        `Only ${grantWords(
          live.flatMap(({ definition }) => (definition === null ? [] : [grantOf(definition)])),
          call.place.owner,
        )} may take it back.`,
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
      acts,
      `Taken back: ${mine.map(({ request }) => inert(request.act.name ?? "")).join(", ")}.`,
    );
  },
};
