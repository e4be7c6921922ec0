import type { Person } from "#core/model/actor.ts";

/** "1 approval", "3 approvals". */
export const count = (n: number, singular: string, plural = `${singular}s`): string =>
  `${n} ${n === 1 ? singular : plural}`;

/**
 * "a, b and 4 more": table cells and titles are short, and hostile input can make lists of any length.
 * What is in them is escaped by core/render, not here.
 */
export function listed(items: readonly string[], most = 5): string {
  if (items.length <= most) return items.join(", ");
  return `${items.slice(0, most).join(", ")} and ${items.length - most} more`;
}

/** "a", "a or b", "a, b or c". */
export function either(items: readonly string[]): string {
  const last = items.at(-1);
  if (last === undefined || items.length === 1) return last ?? "";
  return `${items.slice(0, -1).join(", ")} or ${last}`;
}

export const at = (person: Person): string => `@${person.login}`;

export const people = (persons: readonly Person[], most = 5): string =>
  listed(persons.map(at), most);

export const short = (sha: string): string => sha.slice(0, 7);

/** First line of a text, cut: for cells that quote what a person wrote. */
export function quoted(text: string, most = 60): string {
  const line = text.split(/\r?\n/u, 1)[0] ?? "";
  const characters = [...line];
  return characters.length > most ? `"${characters.slice(0, most - 1).join("")}…"` : `"${line}"`;
}
