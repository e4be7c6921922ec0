import { z } from "zod";
import { oneOf, type Meanings } from "#core/text/meanings.ts";

const isoInstant =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?:[Zz]|([+-]\d{2}):?(\d{2})))?$/;

/** An instant as people write it; a day alone is its first instant in UTC. The parsed value is epoch ms. */
export const instantText = z
  .string()
  .meta({ examples: ["2026-03-30T07:00:00Z"] })
  .regex(isoInstant, { error: "not an instant; write one such as 2026-03-30T07:00:00Z" })
  .transform((text, context) => {
    const [, day = "", time = "00:00", hours = "+00", minutes = "00"] = isoInstant.exec(text) ?? [];
    const at = Date.parse(`${day}T${time}${hours}:${minutes}`);
    // JavaScript takes 30 February for 1 March.
    if (!Number.isNaN(at) && new Date(Date.parse(`${day}T00:00Z`)).toISOString().startsWith(day))
      return at;
    context.addIssue({ code: "custom", message: "no such day or time" });
    return z.NEVER;
  });

/** A login; numbers are logins too, and YAML reads them as such. */
export const loginText = z
  .union([z.string().min(1).max(100), z.number().transform(String)])
  .meta({ examples: ["octocat"] })
  .transform((login) => login.replace(/^@/, ""));

/** A commit SHA, or any word that stands for one. YAML reads some of them as numbers. */
export const shaText = z
  .union([z.string().min(1).max(100), z.number().transform(String)])
  .meta({ examples: ["9fceb02"] });

/** What YAML takes for a number or a truth value may be meant as a text: a title `404`, a label `yes`. */
const asText = (value: unknown): unknown =>
  typeof value === "number" || typeof value === "boolean" ? String(value) : value;

export const shortText = z.preprocess(asText, z.string().max(1_000));
export const longText = z.preprocess(asText, z.string().max(262_144));

/** A key that may be left out, or written with nothing after it. */
export function optional<Value extends z.ZodType>(value: Value) {
  return z.preprocess((given) => given ?? undefined, value.optional()).optional();
}

/** A list; one item may stand by itself. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (given) => (given === undefined || given === null || Array.isArray(given) ? given : [given]),
    z.array(item),
  );
}

/** One of these words, each with its meaning, in any case, with hyphens or spaces for underscores; `synonyms` are told by their other name. */
export function wordOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  meanings: Meanings<Words>,
  synonyms: Readonly<Record<string, Words[number]>> = {},
) {
  return z.preprocess(
    (given) => {
      if (typeof given !== "string") return given;
      const word = given
        .trim()
        .toLowerCase()
        .replaceAll(/[-\s]+/g, "_");
      if (words.includes(word)) return word;
      return Object.hasOwn(synonyms, word) ? synonyms[word] : given;
    },
    oneOf(words, meanings),
  );
}

/** A number, also as a text, with or without a per cent sign. */
export function figure<Kind extends z.ZodType<number>>(kind: Kind) {
  return z.preprocess(
    (given) =>
      typeof given === "string" && /^-?\d{1,12}(?:\.\d{1,12})?\s*%?$/.test(given.trim())
        ? Number.parseFloat(given)
        : given,
    kind,
  );
}

/** True or false, also as YAML 1.1 and people write them. */
export const flag = z.preprocess((given) => {
  if (typeof given !== "string") return given;
  const word = given.trim().toLowerCase();
  return ["true", "yes", "on"].includes(word)
    ? true
    : ["false", "no", "off"].includes(word)
      ? false
      : given;
}, z.boolean());
