const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** One line of hostile text: no control, direction-changing or invisible characters, at most `max` characters. */
export function cleanLine(text: string, max: number): string {
  const short = text.length > max * 2 ? text.slice(0, max * 2) : text;
  const clean = unprintable.test(short)
    ? short.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll(/\p{Cf}/gu, "")
    : short;
  return cut(clean.trim(), max);
}

/** Several lines of hostile text: line ends and tabs stay. */
export function cleanText(text: string, max: number): string {
  const short = text.length > max * 2 ? text.slice(0, max * 2) : text;
  const clean = unprintable.test(short) ? short.replaceAll(/[^\P{Cc}\n\t]|\p{Cf}/gu, "") : short;
  return cut(clean.trim(), max);
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, max - 1);
  // Half of a surrogate pair is not valid text for GitHub's API.
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** The first line of a hostile text, for a title. */
export function firstLine(text: string | undefined): string | undefined {
  return text?.slice(0, 1_000).trimStart().split("\n", 1)[0];
}
