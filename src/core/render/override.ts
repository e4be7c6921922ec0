import type { OverEnd, OverrideRequest } from "#core/overrides/grant.ts";
import { askedIn } from "#core/overrides/request.ts";
import { commandSpan } from "#core/text/command-text.ts";
import { either } from "#core/text/phrases.ts";
import { actorNames } from "#core/people/who-is-among.ts";
import { inert } from "#core/text/markdown.ts";
import { instant } from "#core/text/time.ts";

const ends: Readonly<Record<OverEnd, string>> = {
  pushed: "void: the head moved on",
  retargeted: "void: it was for another base branch, or for what that held before it was rewritten",
  cancelled: "taken back",
  expired: "run out",
  "label removed": "void: its label was taken off",
  "not in the policy": "void: the policy does not define it any more",
  used: "used up",
};

const outsider = (act: OverrideRequest["act"]): string =>
  (askedIn(act).deployment ?? null) === null
    ? " who had no hand in the change"
    : " who neither had a hand in the change nor asked for the deployment";

/** The command that asks for the same again, as it may be typed; empty where the policy knows no such override any more. */
function askAgain({ act, definition }: Pick<OverrideRequest, "act" | "definition">): string {
  if (definition === null) return "";
  const { rules } = askedIn(act);
  const [only] = rules;
  const meant = rules.length === 1 && definition.rules.length > 1 ? only : definition.name;
  return ` Ask again where it is still needed: ${commandSpan("override", meant, "<reason>")}.`;
}

/** Where a request stands, for the comment that answers it. `before`: the same was asked for earlier. */
export function overrideState(
  { act, definition, state, confirmedBy }: OverrideRequest,
  owner: string,
  tense: "new" | "before",
): string {
  const name = `**${inert(act.name ?? "")}**`;
  const by = inert(`@${act.actor.login}`);
  const commit = act.sha === null ? "" : ` at \`${act.sha.slice(0, 7)}\``;
  const lead = tense === "before" ? `${by} asked for ${name} before: ` : "";
  switch (state.kind) {
    case "granted": {
      const { override } = state;
      const confirmation =
        confirmedBy.length === 0
          ? ""
          : `, confirmed by ${confirmedBy.map((person) => inert(`@${person.login}`)).join(", ")}`;
      const rules = override.rules.map((rule) => `\`${rule}\``).join(", ");
      return `${lead}🔓 ${name}, granted by ${by}${confirmation}, lets ${rules === "" ? "no rule of the policy" : rules} through${commit} until ${instant(override.expiresAt)}: ${inert(override.reason, 600)}. A push or another base makes it void; \`/gate override-cancel\` takes it back.${reviewWords(definition, owner)}`;
    }
    case "waiting": {
      const who =
        definition === null
          ? "somebody with the right"
          : inert(either(actorNames(definition.by, owner)), 600);
      const people = state.more === 1 ? "one more person" : `${state.more} more people`;
      return `${lead}⏳ ${name}, asked for by ${by}${commit}, waits for ${people} of ${who}${state.outsider ? outsider(act) : ""}: \`/gate confirm\`, by ${instant(state.until)}.`;
    }
    case "over":
      return `${lead}${name}, asked for by ${by}${commit}: ${ends[state.because]}.${askAgain({ act, definition })}`;
  }
}

function reviewWords(definition: OverrideRequest["definition"], owner: string): string {
  const review = definition?.post_review;
  if (review === undefined) return "";
  const { within, ...actors } = review;
  return ` ${inert(either(actorNames(actors, owner)), 600)} will review it within ${within}.`;
}
