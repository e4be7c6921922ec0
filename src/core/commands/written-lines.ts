/** One line that a reader of the rendered comment sees as ordinary text. `number` is 1-based. */
export interface WrittenLine {
  readonly number: number;
  readonly text: string;
}

/** Elements whose content is shown as somebody else's words, as code, or not at all. */
const apart =
  /<(\/?)(pre|code|samp|kbd|blockquote|q|textarea|script|style|template|xmp|listing)(?=[\s/>]|$)/gi;

interface Fence {
  readonly mark: string;
  readonly length: number;
  readonly indent: number;
}

/** A fence is opened generously: in lists and quotes too, and by a line that only may be one. What is doubtful is not obeyed. */
function openedFence(line: string): Fence | null {
  const match = /^((?:[ \t]|>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*)(`{3,}|~{3,})(.*)$/s.exec(line);
  if (match === null) return null;
  const [, lead = "", marks = "", info = ""] = match;
  if (marks.startsWith("`") && info.includes("`")) return null;
  return { mark: marks.charAt(0), length: marks.length, indent: lead.length };
}

/** A fence is closed strictly: the same marks, at least as many, nothing after, hardly further in than where it was opened. */
function closes(line: string, fence: Fence): boolean {
  const match = /^([ \t>]*)(`{3,}|~{3,})[ \t]*$/.exec(line);
  if (match === null) return false;
  const [, lead = "", marks = ""] = match;
  return (
    marks.charAt(0) === fence.mark &&
    marks.length >= fence.length &&
    lead.length < fence.indent + 4 &&
    !lead.includes("\t")
  );
}

/**
 * The lines of a comment that are its author's own words: outside quotes and what Markdown still counts to them,
 * fences, code, HTML comments and elements that quote. Hostile input. Where Markdown leaves room for doubt the line is
 * left out, for a command that is not obeyed is said again, and one that is obeyed cannot be taken back.
 */
export function writtenLines(body: string): readonly WrittenLine[] {
  const lines = body.split(/\r\n|\n|\r/);
  const written: WrittenLine[] = [];
  let fence: Fence | null = null;
  let inComment = false;
  let inQuote = false;
  const elements = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    if (fence !== null) {
      if (closes(line, fence)) fence = null;
      continue;
    }
    const began = inComment || elements.size > 0;
    if (!began) {
      fence = openedFence(line);
      if (fence !== null) continue;
    }
    if (line.trim() === "") inQuote = false;
    else if (/^ {0,3}>/.test(line)) inQuote = true;
    const { kept, isOpen } = withoutComments(line, inComment);
    inComment = isOpen;
    countElements(kept, elements);
    // What follows a comment on its line does not stand at the start of that line.
    if (!began && !inQuote)
      written.push({ number: index + 1, text: line.startsWith("<!--") ? ` ${kept}` : kept });
  }
  return outsideCodeSpans(written);
}

/** Drops `<!-- … -->`; a comment may begin or end in the middle of a line. */
function withoutComments(
  line: string,
  inside: boolean,
): { readonly kept: string; readonly isOpen: boolean } {
  let kept = "";
  let rest = line;
  let isInside = inside;
  for (;;) {
    const at = rest.indexOf(isInside ? "-->" : "<!--");
    if (at < 0) return { kept: isInside ? kept : kept + rest, isOpen: isInside };
    if (!isInside) kept += rest.slice(0, at);
    rest = rest.slice(at + (isInside ? 3 : 4));
    isInside = !isInside;
  }
}

function countElements(line: string, open: Map<string, number>): void {
  for (const [, slash = "", name = ""] of line.matchAll(apart)) {
    const key = name.toLowerCase();
    const depth = (open.get(key) ?? 0) + (slash === "" ? 1 : -1);
    if (depth > 0) open.set(key, depth);
    else open.delete(key);
  }
}

/** A code span may run over the lines of one paragraph. Lines that begin inside one are left out. */
function outsideCodeSpans(lines: readonly WrittenLine[]): readonly WrittenLine[] {
  const kept: WrittenLine[] = [];
  let paragraph: WrittenLine[] = [];
  const finish = (): void => {
    kept.push(...outsideSpansOf(paragraph));
    paragraph = [];
  };
  for (const line of lines) {
    const last = paragraph.at(-1);
    if (line.text.trim() === "" || (last !== undefined && line.number !== last.number + 1))
      finish();
    if (line.text.trim() !== "") paragraph.push(line);
  }
  finish();
  return kept;
}

function outsideSpansOf(paragraph: readonly WrittenLine[]): readonly WrittenLine[] {
  if (!paragraph.some((line) => line.text.includes("`"))) return paragraph;
  const spans = codeSpans(paragraph.map((line) => line.text).join("\n"));
  let offset = 0;
  let next = 0;
  return paragraph.filter((line) => {
    const start = offset;
    offset += line.text.length + 1;
    while ((spans[next]?.to ?? Infinity) <= start) next += 1;
    return (spans[next]?.from ?? Infinity) >= start;
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** CommonMark's law: a run of backticks is closed by the next run of the same length, or is no code at all. In order. */
function codeSpans(text: string): readonly Span[] {
  const runs = [...text.matchAll(/`+/g)].map((match) => ({
    at: match.index,
    length: match[0].length,
  }));
  const places = new Map<number, number[]>();
  for (const [index, run] of runs.entries()) {
    const known = places.get(run.length);
    if (known === undefined) places.set(run.length, [index]);
    else known.push(index);
  }
  const spans: Span[] = [];
  const cursors = new Map<number, number>();
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    const same = places.get(run?.length ?? 0) ?? [];
    let cursor = cursors.get(run?.length ?? 0) ?? 0;
    while ((same[cursor] ?? Infinity) <= index) cursor += 1;
    cursors.set(run?.length ?? 0, cursor);
    const end = same[cursor];
    if (run === undefined || end === undefined) continue;
    spans.push({ from: run.at, to: (runs[end]?.at ?? 0) + run.length });
    index = end;
  }
  return spans;
}
