/** The first word of a text and the rest; `word` is empty where there is none. */
export function firstWord(text: string): { readonly word: string; readonly rest: string } {
  const match = /^[ \t]*(\S*)(?:[ \t]+(.*))?$/s.exec(text);
  return { word: match?.[1] ?? "", rest: (match?.[2] ?? "").trim() };
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
