/** Marks with which a name may stand in quotes, each with its end. */
export const quotes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "\u201c": "\u201d",
  "\u201e": "\u201c",
};

/** What is told from a sentence at a glance, and has no mark that a reader of commands could take for something else. */
const plain = /^[\p{L}\p{N}](?:[\p{L}\p{N}._/@+*-]*[\p{L}\p{N}*])?$/u;

/**
 * What cannot be typed as it is printed: line breaks end the command, nobody sees invisible characters or tells blanks
 * apart, a page shows several blanks as one, and marks of code, HTML, mathematics, links and tables take the line apart.
 */
const untypable =
  /[\p{C}\p{Zl}\p{Zp}\u115f\u1160\u3164\ufe00-\ufe0f\uffa0\ufffd`<>|$[\]]|(?! )\p{Zs}|^ | $|(?<= ) /gu;

const inNumbers = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** A name as one argument of a command: in quotes, letter by letter, where it is more than one plain word. */
export function argumentText(name: string): string {
  return plain.test(name)
    ? name
    : `"${name.replace(/[\\"]/g, "\\$&").replace(untypable, inNumbers)}"`;
}

/** A command as anybody may type it, whatever the policy says of bare words: `/gate approve "production EU"`. */
export const commandText = (command: string, ...names: readonly string[]): string =>
  ["/gate", command, ...names.map(argumentText)].join(" ");

/** The same in a code span, whose marks are longer than any run of backticks in it. */
export function commandSpan(command: string, name?: string, more = ""): string {
  const text = `${commandText(command, ...(name === undefined ? [] : [name]))}${more === "" ? "" : ` ${more}`}`;
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const mark = "`".repeat(longest + 1);
  return `${mark}${text}${mark}`;
}
