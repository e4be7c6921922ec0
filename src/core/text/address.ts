import { oneLine } from "./plain-text.ts";

/** An address of the web; null: it is none. */
export function webAddress(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url : null;
}

/** Whether a user or a password stands in it, one without the other too. */
export const hasCredentials = ({ username, password }: URL): boolean =>
  username !== "" || password !== "";

/**
 * What somebody wrote where an address is meant, as it may be shown: nothing that may be a user, a password or a token.
 * What is no address may hold them all the same.
 */
export const withoutCredentials = (text: string): string =>
  oneLine(text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1").replace(/[?#].*$/s, ""), 200);
