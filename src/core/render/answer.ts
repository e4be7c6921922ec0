import type { Person } from "#core/model/actor.ts";
import { inert } from "#core/text/markdown.ts";

/** An answer with the question in front, so that a reader of the one comment knows what it answers. */
export function commandAnswer(
  actor: Person,
  said: { readonly word: string; readonly rest: string },
  says: string,
): string {
  return `${inert(`@${actor.login}`)}, \`/gate ${said.word}\`${said.rest === "" ? "" : ` ${inert(said.rest, 120)}`}:\n\n${says}`;
}

/** A button of a check run that said something else when it was shown. */
export const tooLateAnswer = (actor: Person, label: string, environment: string | null): string =>
  `${inert(`@${actor.login}`)}, the button ${inert(label)}${environment === null ? "" : ` for ${inert(environment)}`} was shown before somebody else said something about the same, so it did nothing. Look at the check run as it is now, and press again.`;

/** Where no policy can be read, nobody's right to anything can be told. */
export const noPolicyAnswer = (actor: Person, why: string): string =>
  `${inert(`@${actor.login}`)}, no command can be carried out: ${inert(why, 600)}. Commands work again once the policy on the default branch is valid.`;

/** An approval that is on record and counts for nothing. `why` are the rule's words; null: nothing asked for it. */
export const approvalInVain = (environment: string, why: string | null): string =>
  why === null
    ? `It does not count: no rule asks for an approval of this deployment to ${inert(environment)}.`
    : `It does not count for ${inert(environment)}: who gave it ${inert(why, 200)}. Somebody else has to approve it.`;
