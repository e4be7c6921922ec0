/** A name as one argument of a command: in quotes where it has blanks or marks that would end it. */
export function argumentText(name: string): string {
  const text = name.replaceAll(/\s+/gu, " ").trim();
  return /^[^\s"'\u201c\u201d`]+$/u.test(text) ? text : `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** A command as anybody may type it, whatever the policy says of bare words: `/gate approve "production EU"`. */
export const commandText = (command: string, ...names: readonly string[]): string =>
  ["/gate", command, ...names.map(argumentText)].join(" ");

/** The same in a code span; a backtick of a name would end it. */
export const commandSpan = (command: string, name: string, more = ""): string =>
  `\`${`${commandText(command, name)}${more === "" ? "" : ` ${more}`}`.replaceAll("`", "\u02cb")}\``;
