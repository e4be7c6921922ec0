/** A hostile line: taken apart by hand, no expression that could backtrack. */
const key = "co-authored-by:";
const noReply = "@users.noreply.github.com";
const login = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:\[bot\])?$/;

/**
 * Co-authors that a commit's message names, as logins; null for one that maps to no account. GitHub goes by the
 * address; plain words have no addresses of accounts, so a name that is a login stands for that person: who is barred
 * by mistake asks for another reviewer, who is cleared by mistake is nobody's second pair of eyes.
 */
export function coAuthorsOf(message: string): readonly (string | null)[] {
  return message.split(/\r?\n/u).flatMap((line) => {
    if (line.slice(0, key.length).toLowerCase() !== key) return [];
    const value = line.slice(key.length).trim();
    const open = value.lastIndexOf("<");
    if (open === -1 || !value.endsWith(">")) return [];
    const address = value
      .slice(open + 1, -1)
      .trim()
      .toLowerCase();
    if (address.endsWith(noReply))
      return [address.slice(0, -noReply.length).replace(/^\d+\+/u, "")];
    const name = value.slice(0, open).trim();
    return [login.test(name) ? name : null];
  });
}
