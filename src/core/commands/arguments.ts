import { quotes } from "#core/text/command-text.ts";

/** The first word of a text and the rest; `word` is empty where there is none. */
export function firstWord(text: string): { readonly word: string; readonly rest: string } {
  const match = /^[ \t]*(\S*)(?:[ \t]+(.*))?$/s.exec(text);
  return { word: match?.[1] ?? "", rest: (match?.[2] ?? "").trim() };
}

export interface NamedArgument {
  readonly word: string;
  readonly rest: string;
  /** It stood in quotes: exactly that name is meant. */
  readonly isQuoted: boolean;
}

/** A character by its number: `\u{2028}`. */
const byNumber = /^\\u\{([0-9a-f]{1,6})\}/i;

/**
 * A name at the start of a text: one word, or whatever stands in quotes (`\"` for a quote in it, `\u{2028}` for a
 * character that nobody can type). A quote that is not closed runs to the end.
 */
export function firstName(text: string): NamedArgument {
  const trimmed = text.trim();
  const end = quotes[trimmed.charAt(0)];
  if (end === undefined) return { ...firstWord(trimmed), isQuoted: false };
  let word = "";
  let at = 1;
  for (; at < trimmed.length && trimmed[at] !== end; at += 1) {
    const [escape, number = ""] = byNumber.exec(trimmed.slice(at, at + 10)) ?? [];
    if (escape !== undefined && Number.parseInt(number, 16) <= 0x10_ffff) {
      word += String.fromCodePoint(Number.parseInt(number, 16));
      at += escape.length - 1;
      continue;
    }
    const isEscaped = trimmed[at] === "\\" && ["\\", end].includes(trimmed[at + 1] ?? "");
    if (isEscaped) at += 1;
    word += trimmed.charAt(at);
  }
  return { word, rest: trimmed.slice(at + 1).trim(), isQuoted: true };
}

/** A word that may be meant as a commit: hexadecimal, seven characters at least. */
export const looksLikeSha = (word: string): boolean => /^[0-9a-f]{7,64}$/i.test(word);

/** The one commit that an abbreviation stands for; null where it stands for none, or for several. */
export function commitFor(abbreviation: string, commits: readonly string[]): string | null {
  const found = [...new Set(commits)].filter((commit) =>
    commit.toLowerCase().startsWith(abbreviation.toLowerCase()),
  );
  return found.length === 1 ? (found[0] ?? null) : null;
}
