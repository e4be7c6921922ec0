/** `#12`, `org/repo#12`, `OPS-12`, or a link to an issue: something that can be followed up. */
const reference =
  /(?:[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100})?#\d{1,10}\b|\b[A-Z][A-Z0-9]{1,15}-\d{1,10}\b|https?:\/\/[^\s]{1,200}\/(?:issues|pull|browse|tickets?|incidents?)\/[A-Za-z0-9-]{1,60}/;

/** The issue or ticket that a reason carries; null where it carries none. */
export function ticketIn(reason: string): string | null {
  return reference.exec(reason)?.[0] ?? null;
}

/** A reason has a letter or a digit that a reader sees: blanks and invisible characters are none. */
export function isReason(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
