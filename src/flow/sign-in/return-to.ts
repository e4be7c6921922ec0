/** A path of our own pages to go back to; anything else is the dashboard. Hostile input: it comes from an address. */
export function returnTo(given: string | undefined): string {
  if (given === undefined || given.length > 2_000) return "/";
  // A second slash or a backslash would be another host for a browser.
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(given)) return "/";
  return /^\/(login|logout|api)(\/|\?|$)/.test(given) ? "/" : given;
}
