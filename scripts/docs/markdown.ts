/** Text for one table cell: a bar would end it, a line break would end the table, and `<name>` would be taken for HTML. */
export function cell(text: string): string {
  const line = text.replace(/\s*\n\s*/g, " ").trim().replaceAll("|", "\\|");
  // Code spans show what they hold; only what is between them is Markdown.
  return line.split(/(`[^`]*`)/).map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "&lt;"))).join("");
}

export const code = (text: string): string => `\`${text}\``;

export const codes = (names: readonly string[], none = "–"): string => (names.length === 0 ? none : names.map(code).join(", "));

/** The first info word and the text of each fenced block of a Markdown page. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
}

export function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { readonly language: string; readonly line: number; readonly text: string[] } | null = null;
  for (const [index, line] of markdown.split("\n").entries()) {
    const mark = /^```\s*(\S*)/.exec(line);
    if (open === null && mark !== null) open = { language: mark[1] ?? "", line: index + 1, text: [] };
    else if (open !== null && /^```\s*$/.test(line)) {
      fences.push({ language: open.language, line: open.line, text: `${open.text.join("\n")}\n` });
      open = null;
    } else open?.text.push(line);
  }
  return fences;
}

/** Whole policies among the examples of a page: blocks of YAML that say which version of the language they speak. */
export const policiesOf = (markdown: string): readonly Fence[] =>
  fencesOf(markdown).filter((fence) => fence.language === "yaml" && /^version: 1\s*(?:#.*)?$/m.test(fence.text));
