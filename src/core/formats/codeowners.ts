import { type CodeownersGlob, compileGlob } from "./codeowners-glob.ts";
import { type CodeownersIndex, indexGlobs, lastMatcher, triedGlobs } from "./codeowners-index.ts";

/** One line that counts; `owners` are written as in the file (`@user`, `@org/team`, mail address), none takes ownership away. */
export type CodeownersRule = {
  readonly pattern: string;
  readonly owners: readonly string[];
  readonly line: number;
};

/** What is wrong with a line; line 0 speaks of the whole file. `skipped`: the line says nothing of any path. */
export type CodeownersProblem = {
  readonly line: number;
  readonly message: string;
  readonly skipped: boolean;
};

/** A parsed file: `rules` in its order. `index` belongs to `ownersOf` alone. */
export type Codeowners = {
  readonly rules: readonly CodeownersRule[];
  readonly problems: readonly CodeownersProblem[];
  readonly index: CodeownersIndex;
};

/** GitHub does not load a larger file. */
const largestFile = 3 * 1024 * 1024;
/** Wildcard rules are tried one by one, so their number bounds what a hostile file can cost. */
const mostWildcards = 10_000;

const user = /^@[A-Za-z0-9][\w-]{0,99}(?:\/[\w.-]{1,255})?$/;
const mail = /^[^\s@]{1,64}@[^\s@.]{1,63}(?:\.[^\s@.]{1,63}){1,10}$/;
const section = /^\^?\[[^\]]{1,255}\](?:\[\d{1,3}\])?$/;

/**
 * Reads a CODEOWNERS file as GitHub does: `#` begins a comment, blanks in a pattern are escaped, a line that cannot be
 * read is skipped and reported, and so are the section headers that only GitLab knows. An owner that is none is reported
 * and the others of its line stay; a line of such owners alone is skipped, for it takes nothing away from anybody.
 */
export function parseCodeowners(text: string): Codeowners {
  if (byteLength(text) > largestFile)
    return unusable("the file is larger than 3 MB, which GitHub does not load");
  const rules: CodeownersRule[] = [];
  const globs: CodeownersGlob[] = [];
  const problems: CodeownersProblem[] = [];
  for (const [index, raw] of text
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    const line = index + 1;
    if (section.test(raw.trim())) {
      problems.push({
        line,
        message:
          "a section header of GitLab, which GitHub does not know; the lines below it count as usual",
        skipped: true,
      });
      continue;
    }
    const [pattern, ...named] = wordsOf(raw);
    if (pattern === undefined) continue;
    const glob = compileGlob(pattern);
    if (typeof glob === "string") {
      problems.push({ line, message: glob, skipped: true });
      continue;
    }
    const owners = named.filter(isOwner);
    const strangers = named.filter((word) => !isOwner(word));
    const skipped = strangers.length > 0 && owners.length === 0;
    if (/[[\]]/.test(pattern)) problems.push({ line, message: plainBrackets, skipped: false });
    if (strangers.length > 0) problems.push({ line, message: noOwners(strangers), skipped });
    if (skipped) continue;
    rules.push({ pattern, owners, line });
    globs.push(glob);
  }
  const indexed = indexGlobs(globs);
  const tried = triedGlobs(indexed);
  if (tried > mostWildcards)
    return unusable(`the file has ${tried} patterns with wildcards, more than ${mostWildcards}`);
  return { rules, problems, index: indexed };
}

/** Its `owners` may be empty: ownership is taken away. */
export type Ownership = { readonly owners: readonly string[]; readonly line: number };

/** Who owns a path: the last line that matches decides; undefined when no line matches. */
export const ownersOf = (codeowners: Codeowners, path: string): Ownership | undefined =>
  ownersFinder(codeowners)(path);

/** The same for many paths. `owners` of paths that one line decides are the very same list. */
export function ownersFinder(codeowners: Codeowners): (path: string) => Ownership | undefined {
  const lastMatch = lastMatcher(codeowners.index);
  return (path) => {
    const rule = codeowners.rules[lastMatch(path.startsWith("/") ? path.slice(1) : path)];
    return rule === undefined ? undefined : { owners: rule.owners, line: rule.line };
  };
}

const plainBrackets =
  "GitHub knows no character ranges with [ ]: the brackets stand for themselves";

const isOwner = (word: string): boolean => user.test(word) || mail.test(word);

function noOwners(words: readonly string[]): string {
  const shown = words.slice(0, 3).map((word) => `"${word.slice(0, 80)}"`);
  const more = words.length > shown.length ? ` and ${words.length - shown.length} more` : "";
  return `${shown.join(", ")}${more} ${words.length === 1 ? "is no owner" : "are no owners"}: write @user, @org/team or a mail address`;
}

function unusable(message: string): Codeowners {
  return { rules: [], problems: [{ line: 0, message, skipped: true }], index: indexGlobs([]) };
}

/** Words of a line up to a comment; an escaped blank belongs to its word, other escapes stay for the pattern. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  for (let i = 0; i < line.length; i += 1) {
    const character = line[i] ?? "";
    if (character === "\\" && i + 1 < line.length && line[i + 1] !== "\r") {
      word += character + (line[i + 1] ?? "");
      i += 1;
    } else if (character === "#" && word === "") break;
    else if (/\s/.test(character)) {
      if (word !== "") words.push(word);
      word = "";
    } else word += character;
  }
  if (word !== "") words.push(word);
  return words;
}

function byteLength(text: string): number {
  return text.length * 3 <= largestFile ? text.length : new TextEncoder().encode(text).length;
}
