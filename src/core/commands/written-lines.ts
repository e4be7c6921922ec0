import MarkdownIt from "markdown-it";
import { createOpenElements } from "./open-elements.ts";

type Token = ReturnType<MarkdownIt["parse"]>[number];

/** One line that a reader of the rendered comment sees as a line of its own. `number` is 1-based. */
export interface WrittenLine {
  readonly number: number;
  /** As it was written, without what HTML hides (comments, instructions). */
  readonly text: string;
}

// Tables and footnotes are GitHub's own; they are recognised below, line by line, so that a hostile table costs nothing.
const markdown = new MarkdownIt({ html: true }).disable(["table", "inline", "text_join"]);

/** More marks in one paragraph are no writing: what they would cost to read is not spent. */
const mostMarks = 6_000;

/** More lines are no writing either: a list of ten thousand would take its time. */
const mostLines = 5_000;

/** What may begin a command: everything else is never looked at. */
const mayBegin = /^( {0,3})(?=[/@][A-Za-z])/;

/** Marks such lines for the parser, so that they can be told again in what it answers. Private use: replaced where a comment has them. */
const open = "\ue000";
const close = "\ue001";
const marked = /^\ue000(\d{1,6})\ue001/;

/** `[^1]: …`, in lists and quotes too: GitHub moves it to the end of the comment, or shows it not at all. */
const footnote = /^[ \t>*+\d.)-]{0,20}\[\^[^\]]{1,200}\]:/;
/** `|---|:-:|`: with the line above it, the head of a table. */
const delimiterRow = /^ {0,3}[|:-][|: \t-]*$/;

/** What a comment holds that may be commands. */
export interface LinesOfComment {
  readonly written: readonly WrittenLine[];
  /** Lines that somebody may see as their own, outside quotes, code and comments: not obeyed, and not passed over either. */
  readonly doubted: readonly WrittenLine[];
}

/**
 * The lines of a comment that stand there as text of their own: paragraphs outside quotes, code, tables, footnotes and
 * HTML, and of these the lines that do not begin inside a link, an image, emphasis, code or a tag. Only lines that may
 * begin a command are told. Hostile input, read by a parser of CommonMark; where GitHub's dialect leaves room for doubt
 * the line is doubted, for a command that is not obeyed is said again, and one that is obeyed cannot be taken back.
 */
export function linesOfComment(body: string): LinesOfComment {
  const lines = body.replaceAll(/[\ue000\ue001]/g, "\ufffd").split(/\r\n|\n|\r/);
  const candidates = lines.flatMap((text, index) =>
    mayBegin.test(text) ? [{ number: index + 1, text: text.trimStart() }] : [],
  );
  if (candidates.length === 0) return { written: [], doubted: [] };
  if (lines.length > mostLines) return { written: [], doubted: candidates };
  const doubtful = doubtfulLines(lines);
  const source = lines.map((line, index) =>
    line.replace(mayBegin, (_all, blanks: string) => `${blanks}${open}${index}${close}`),
  );
  const shown = new Set<number>();
  const written: WrittenLine[] = [];
  const elements = createOpenElements();
  const fences = new Set<number>();
  let quotes = 0;
  let before: Token | undefined;
  const env = {};
  for (const token of markdown.parse(source.join("\n"), env)) {
    if (token.type === "blockquote_open") quotes += 1;
    else if (token.type === "blockquote_close") quotes -= 1;
    else if (token.type === "html_block") {
      if (quotes === 0) for (const number of afterEndTags(token.content)) shown.add(number);
      elements.read(token.content);
    } else if (token.type === "fence" && token.level > 0) fences.add(token.map?.[1] ?? -1);
    else if (token.type === "inline") {
      // A fence in a list or quote ends with it; the person who wrote the next line may have thought that it goes on.
      const isText =
        before?.type === "paragraph_open" && quotes === 0 && !fences.has(token.map?.[0] ?? 0);
      const children = inlineOf(token.content, env);
      // Nobody knows what is open after a paragraph that was not read.
      if (children === null) elements.read("<!");
      for (const line of linesOf(children ?? [], lines, elements))
        if (isText && !doubtful.has(line.number)) written.push(line);
      if (quotes === 0) for (const number of shownIn(token.content, children)) shown.add(number);
    }
    before = token;
  }
  const obeyed = new Set(written.map(({ number }) => number));
  return {
    written,
    doubted: candidates.filter(({ number }) => shown.has(number) && !obeyed.has(number)),
  };
}

/** Numbers of the lines that are shown as text in one paragraph or heading, inside whatever; all where it was not read. */
function shownIn(content: string, children: readonly Token[] | null): readonly number[] {
  if (children === null)
    return [...content.matchAll(/^\ue000(\d{1,6})\ue001/gm)].map(([, index]) => Number(index) + 1);
  return children.flatMap(({ type, content: text }) => {
    const index = type === "text" ? marked.exec(text)?.[1] : undefined;
    return index === undefined ? [] : [Number(index) + 1];
  });
}

/** A line right under `</details>`: for CommonMark it belongs to the HTML, for its writer to nothing. */
function afterEndTags(html: string): readonly number[] {
  const lines = html.split("\n");
  const first = lines.findIndex((line) => !/^ {0,3}<\/[A-Za-z]+>\s*$/.test(line));
  const index = first < 1 ? undefined : marked.exec(lines[first] ?? "")?.[1];
  return index === undefined ? [] : [Number(index) + 1];
}

/** What stands in one paragraph; nothing where neither a command nor HTML can be in it; null: it is too much to be read. */
function inlineOf(content: string, env: object): readonly Token[] | null {
  if (!content.includes(open) && !content.includes("<")) return [];
  if ((content.match(/[[\]*_~<&!`\\]/g)?.length ?? 0) > mostMarks) return null;
  const children: Token[] = [];
  markdown.inline.parse(content, markdown, env, children);
  return children;
}

/** Lines of one paragraph that begin as plain text, outside every element that is open there. */
function linesOf(
  children: readonly Token[],
  source: readonly string[],
  elements: ReturnType<typeof createOpenElements>,
): readonly WrittenLine[] {
  const found: WrittenLine[] = [];
  let current: { readonly index: number; text: string } | null = null;
  let isStart = true;
  for (const child of children) {
    const isBreak = child.type === "softbreak" || child.type === "hardbreak";
    const index = Number(marked.exec(isStart && child.level === 0 ? child.content : "")?.[1]);
    if (isBreak) current = null;
    else if (child.type === "text" && !Number.isNaN(index) && elements.areNone()) {
      current = { index, text: source[index] ?? "" };
      found.push({ number: index + 1, text: current.text });
    } else if (child.type === "html_inline") {
      elements.read(child.content);
      if (current !== null && /^<[!?]/.test(child.content)) {
        current.text = withoutHidden(current.text, child.content);
        found.splice(-1, 1, { number: current.index + 1, text: current.text });
      }
    }
    isStart = isBreak;
  }
  return found;
}

/** Takes out what HTML hides; what it hides over several lines hides the rest of this one. */
function withoutHidden(text: string, hidden: string): string {
  const [first = "", ...more] = hidden.split("\n");
  const at = text.indexOf(first);
  if (at < 0) return text;
  return text.slice(0, at) + (more.length > 0 ? "" : text.slice(at + first.length));
}

/**
 * Numbers of lines that GitHub may show as part of a footnote, a table or a formula: until the blank line that ends them.
 * A footnote goes on after it where the next line is indented, and takes in the lines that follow that one.
 */
function doubtfulLines(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  let isDoubtful = false;
  let isFormula = false;
  let isFootnote = false;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") {
      isDoubtful = false;
      isFormula = false;
      continue;
    }
    const isHead = line.includes("-") && delimiterRow.test(line) && /[|:]/.test(line);
    if (isHead) found.add(index);
    if (footnote.test(line)) isFootnote = true;
    // The first line of a paragraph says whether the footnote goes on: it is none of it where it stands in the first column.
    else if (!isDoubtful && !/^[ \t]/.test(line)) isFootnote = false;
    isDoubtful ||= isHead || isFootnote;
    if (isDoubtful || isFormula) found.add(index + 1);
    if (line.split("$$").length % 2 === 0) isFormula = !isFormula;
  }
  return found;
}
