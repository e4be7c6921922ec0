// Hostile input passes through here: titles, logins, check names and reasons are written by strangers.

/** Characters that are invisible or turn the reading direction: shown by their code point instead. */
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|\u{e0001}|[\u{e0020}-\u{e007f}]/gu;

/** One line of text without control, zero-width and direction characters; those are shown as `U+202E`. */
export function oneLine(text: string, maximum = 300): string {
  const spaced = text.replace(/[\t\r\n\u2028\u2029]+/g, " ");
  const visible = spaced.replace(
    invisible,
    (character) =>
      `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
  return cut(visible.trim(), maximum);
}

/** No code span of ours is longer; what a stranger wrote is not searched any further. */
const longestSpan = 300;

/** Where a cut at `end` leaves code spans whole: before the span in which it falls, unless that takes half of the text. */
function outsideSpans(text: string, end: number): number {
  if (!text.includes("`")) return end;
  const spans = text.slice(0, end + longestSpan).matchAll(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g);
  for (const { 0: span, index } of spans)
    if (index < end && index + span.length > end) return index >= end / 2 ? index : end;
  return end;
}

/** Cuts at a whole character, and not inside a code span, and says so with an ellipsis. */
export function cut(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  const shortened = text.slice(0, outsideSpans(text, Math.max(0, maximum - 1)));
  return `${shortened.replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Cuts to a number of UTF-8 bytes, GitHub's measure for the long fields; between lines where one ends in the second half, so that no row, link or code span is torn. */
export function cutBytes(text: string, maximum: number, note: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= maximum) return text;
  const room = Math.max(0, maximum - encoder.encode(note).length);
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (encoder.encode(text.slice(0, middle)).length <= room) low = middle;
    else high = middle - 1;
  }
  const lineEnd = text.lastIndexOf("\n", low);
  const end = lineEnd > low / 2 ? lineEnd : low;
  return `${text.slice(0, end).replace(/[\ud800-\udbff]$/, "")}${note}`;
}

/** A sentence as the later part of another one. Only a plain first word is lowered: names, acronyms and quotations keep their case. */
export function lowerFirst(phrase: string): string {
  return /^[A-Z][a-z]+ /.test(phrase) ? phrase.charAt(0).toLowerCase() + phrase.slice(1) : phrase;
}
