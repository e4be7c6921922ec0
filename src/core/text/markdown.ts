import { oneLine } from "./plain-text.ts";

/** A word joiner after an @ or a #: the reader sees the name, GitHub sees neither a mention nor a reference. */
const breaker = "\u2060";

function escaped(line: string): string {
  return line
    .replace(/[\\`*_{}[\]<>()#+!|~$&]/g, (character) =>
      character === "<"
        ? "&lt;"
        : character === ">"
          ? "&gt;"
          : character === "&"
            ? "&amp;"
            : `\\${character}`,
    )
    .replace(/@(?=[\w-])/g, `@${breaker}`)
    .replace(/\\#(?=\d)/g, `\\#${breaker}`)
    .replace(
      /\b(https?|ftp|www)(:\/\/|\.)/gi,
      (_match, scheme: string, rest: string) => `${scheme}${breaker}${rest}`,
    );
}

/**
 * Any text as inert Markdown on one line, safe in a table cell: no link, image, HTML, mention, reference, emphasis or
 * code can come out of it (threat T32).
 */
export const inert = (text: string, maximum = 300): string => escaped(oneLine(text, maximum));

/** A command in a code span, as our own phrases have it; a name with a bar in it would break the table cell. */
const commandSpan = /(?<!`)(`+)(?!`)\/gate(?: [^|]*?)?(?<!`)\1(?!`)/g;

/** The same, but what a reader may type (`/gate approve`) stays a code span, in which nothing of a name comes to life either. */
export function inertWithCommands(text: string, maximum = 300): string {
  const line = oneLine(text, maximum);
  let shown = "";
  let done = 0;
  for (const { 0: span, index } of line.matchAll(commandSpan)) {
    shown += escaped(line.slice(done, index)) + span;
    done = index + span.length;
  }
  return shown + escaped(line.slice(done));
}

/** A link whose text is inert; the address is kept only if it is plainly http(s) without characters that end a link. */
export const link = (label: string, url: string | undefined): string =>
  linkAround(inert(label), url);

/** The same around finished Markdown. */
export function linkAround(markdown: string, url: string | undefined): string {
  if (url === undefined || !/^https?:\/\/[^\s<>()[\]"'`\\]+$/.test(url)) return markdown;
  return `[${markdown}](${url})`;
}

/** A Markdown table; cells are taken as finished Markdown without line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => (cell === "" ? " " : cell)).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
