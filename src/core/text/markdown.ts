import { oneLine } from "./plain-text.ts";

/** A word joiner after an @ or a #: the reader sees the name, GitHub sees neither a mention nor a reference. */
const breaker = "\u2060";

/**
 * Any text as inert Markdown on one line, safe in a table cell: no link, image, HTML, mention, reference, emphasis or
 * code can come out of it (threat T32).
 */
export function inert(text: string, maximum = 300): string {
  return oneLine(text, maximum)
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

/** A link whose text is inert; the address is kept only if it is plainly http(s) without characters that end a link. */
export function link(label: string, url: string | undefined): string {
  if (url === undefined || !/^https?:\/\/[^\s<>()[\]"'`\\]+$/.test(url)) return inert(label);
  return `[${inert(label)}](${url})`;
}

/** A Markdown table; cells are taken as finished Markdown without line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => (cell === "" ? " " : cell)).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
