import { distance, nearest } from "#core/text/nearest.ts";
import type { DeploymentNamed } from "./command.ts";
import { commandNames, type CommandName } from "./names.ts";
import { linesOfComment } from "./written-lines.ts";

/** GitHub takes no longer comment; what is longer was not written there. */
const mostCharacters = 65_536;
/** More in one comment is no conversation; the rest is not read. */
const mostCommands = 10;
const mostArguments = 1_000;

/** One command as it was written. `name` null: there is no such command; `nearest` is the one that was probably meant. */
export interface ParsedCommand {
  readonly name: CommandName | null;
  /** As it was written, for the answer. ASCII by grammar. */
  readonly word: string;
  readonly nearest: CommandName | null;
  /** The rest of the line, trimmed. Hostile text. */
  readonly rest: string;
  readonly line: number;
  /** A command that a reader may not see as a line of its own: it is not obeyed, and the person who wrote it hears so. */
  readonly isDoubted?: boolean;
  /** What a button speaks of, as data. */
  readonly deployment?: DeploymentNamed | undefined;
}

export interface Grammar {
  /** The App's slug, for `@slug hold`. */
  readonly slug: string;
  /** `/hold` as well as `/gate hold` (`commands.bare`). */
  readonly bare: boolean;
}

/** `names` holds every word that stands for a command, aliases too. */
const byWord = new Map<string, CommandName>(
  Object.entries(commandNames).flatMap(([name, aliases]) =>
    [name, ...aliases].map((word) => [word, name as CommandName] as const),
  ),
);

/**
 * Commands of a comment (docs/commands.md). Hostile input. The grammar is ASCII and begins in the first column:
 * letters that only look alike, invisible characters and turned text are no command, whatever they look like (threats
 * T31, T33).
 */
export function parseCommands(body: string, grammar: Grammar): readonly ParsedCommand[] {
  if (body.length > mostCharacters || !/[/@]/.test(body)) return [];
  const said: ParsedCommand[] = [];
  for (const { number, text } of linesOfComment(body).written) {
    const command = readLine(text, number, grammar);
    if (command !== null) said.push(command);
    if (said.length === mostCommands) break;
  }
  return said;
}

/** More of them in one comment say no more. */
const mostDoubted = 3;

/**
 * Commands, written to us by name, that are not obeyed because a reader may not see them as lines of their own: no
 * silence for them, a hold that somebody believes in must not be lost. Blanks that only look like one are taken for it.
 */
export function doubtedCommands(body: string, { slug }: Grammar): readonly ParsedCommand[] {
  if (body.length > mostCharacters || !/[/@]/.test(body)) return [];
  const { written, doubted } = linesOfComment(body);
  // In the first column and clearly seen, but for a blank that is none.
  const unread = written.filter(
    ({ number, text }) => readLine(text, number, { slug, bare: true }) === null,
  );
  return [...unread, ...doubted]
    .flatMap(({ number, text }): readonly ParsedCommand[] => {
      const plain = text.trimStart().replace(/[\u00a0\u2000-\u200a\u202f\u3000]/gu, " ");
      const command = readLine(plain, number, { slug, bare: false });
      return command === null || command.name === null
        ? []
        : [{ ...command, name: null, isDoubted: true }];
    })
    .slice(0, mostDoubted);
}

function readLine(line: string, number: number, grammar: Grammar): ParsedCommand | null {
  const text = withoutTrailingBlanks(line);
  const addressed = afterAddress(text, grammar.slug);
  if (addressed === null) return grammar.bare ? bareCommand(text, number) : null;
  if (addressed === "")
    return { name: "help", word: "help", nearest: null, rest: "", line: number };
  const found = wordAndRest(addressed);
  if (found === null) return notOurs(addressed, number);
  const name = byWord.get(found.word) ?? null;
  return { ...found, name, nearest: name === null ? near(found.word) : null, line: number };
}

/** A word and what follows it: the word ends at white space, at punctuation, or with the line. */
function wordAndRest(text: string): Pick<ParsedCommand, "word" | "rest"> | null {
  const match =
    /^([A-Za-z](?:-?[A-Za-z]){0,40})(?:([ \t]+|(?=[,;:.!?()"'\u2026\u2013\u2014])|-+(?=[ \t]))(.*))?$/s.exec(
      text,
    );
  if (match === null) return null;
  const [, word = "", , rest = ""] = match;
  return {
    word: word.toLowerCase(),
    // "hold, legal has to look" and "hold - legal has to look" give the reason "legal has to look".
    rest: rest
      .replace(/^[,;:.!?\u2026\u2013\u2014-]+(?:[ \t]+|$)/, "")
      .slice(0, mostArguments)
      .trim(),
  };
}

/** Written to us, and no word: its writer hears that it is none, as far as it can be said back. */
function notOurs(text: string, number: number): ParsedCommand | null {
  const word = /^[\x21-\x7e]{1,40}/.exec(text)?.[0];
  return word === undefined || !/^[\x09\x20-\x7e]*$/.test(text)
    ? null
    : { name: null, word: word.replaceAll("`", "'"), nearest: null, rest: "", line: number };
}

/** By hand: an expression that looks for the end from every blank takes seconds on a comment of blanks. */
function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === " " || line[end - 1] === "\t")) end -= 1;
  return line.slice(0, end);
}

/** What follows `/gate`, `/gatehouse` or `@slug`; null where the line is addressed to somebody else. */
function afterAddress(line: string, slug: string): string | null {
  const match =
    /^(?:\/(gatehouse|gate)|@([A-Za-z0-9](?:-?[A-Za-z0-9]){0,99})(?:\[bot\])?)(?:[,:]?[ \t]+(.*))?$/is.exec(
      line,
    );
  if (match === null) return null;
  const [, slash, mentioned = "", rest = ""] = match;
  // Comparing without case must not let the Kelvin sign through for a k: the expression above took ASCII only.
  return slash !== undefined || mentioned.toLowerCase() === slug.toLowerCase() ? rest : null;
}

/** Other bots have slash commands too: a bare word that is none of ours is not for us, but one that misses ours by a letter. */
function bareCommand(line: string, number: number): ParsedCommand | null {
  const found = line.startsWith("/") ? wordAndRest(line.slice(1)) : null;
  if (found === null) return null;
  const name = byWord.get(found.word) ?? null;
  const slip = name === null ? slipOf(found.word) : null;
  return name === null && slip === null ? null : { ...found, name, nearest: slip, line: number };
}

/** The one command that a word misses by one letter more, less, wrong or swapped; short words are others' often enough. */
function slipOf(word: string): CommandName | null {
  if (word.length < 5) return null;
  const found = [...byWord].find(
    ([each]) => Math.abs(each.length - word.length) <= 1 && distance(word, each) === 1,
  );
  return found?.[1] ?? null;
}

function near(word: string): CommandName | null {
  const found = nearest(word, byWord.keys());
  return found === undefined ? null : (byWord.get(found) ?? null);
}
