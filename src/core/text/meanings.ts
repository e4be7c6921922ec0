import { z } from "zod";

export type Meanings<Words extends readonly string[]> = Readonly<Record<Words[number], string>>;

/** What each word of a list means, under the name by which editors show it beside the word. */
export const meaningsOf = <const Words extends readonly string[]>(
  words: Words,
  meanings: Meanings<Words>,
): { readonly markdownEnumDescriptions: readonly string[] } => ({
  markdownEnumDescriptions: words.map((word: Words[number]) => meanings[word]),
});

/** One of these words, each with its meaning. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(
  words: Words,
  meanings: Meanings<Words>,
) => z.enum(words).meta(meaningsOf(words, meanings));
