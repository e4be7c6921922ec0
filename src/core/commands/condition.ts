import { inert } from "#core/text/markdown.ts";

const word = (words: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}_'\u2019-])(?:${words})(?![\\p{L}\\p{N}_'\u2019-])`, "iu");

/** Words with which people say under which condition, wherever they stand. */
const conditional = word(
  "but|if|unless|until|only|provided|assuming|when|whenever|once|after|before|pending|except|subject to|as long as|as soon as|on condition|do not|don['\u2019]t|wait",
);

/** Words that say so at the beginning: not now, or not at all. */
const takenBack = word("not|never|while|tonight|tomorrow|later|(?:in|at|from|on)[ \\t]+\\d+");

/** Why a word that opens something is not carried out: it says when or whether, and it would be carried out now. null where it says neither. */
export function conditionIn(rest: string): string | null {
  const said = rest.replace(/^[\s\p{P}]+/u, "");
  return conditional.test(said) || takenBack.exec(said)?.index === 0
    ? `What is said is done at once, and "${inert(rest, 60)}" reads like a condition, which nobody would keep.`
    : null;
}
