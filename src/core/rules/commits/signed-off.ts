/**
 * Whether a commit message carries a `Signed-off-by: Name <address>` trailer, as `git commit --signoff` writes it.
 * The message is hostile input: lines are taken apart by hand instead of by an expression that could backtrack.
 */
export function isSignedOff(message: string): boolean {
  return message.split(/\r?\n/u).some(isTrailer);
}

const key = "signed-off-by:";

function isTrailer(line: string): boolean {
  if (line.slice(0, key.length).toLowerCase() !== key) return false;
  const value = line.slice(key.length).trim();
  const open = value.lastIndexOf("<");
  if (open < 1 || !value.endsWith(">")) return false;
  const name = value.slice(0, open).trim();
  const address = value.slice(open + 1, -1);
  const sign = address.indexOf("@");
  return name !== "" && sign > 0 && sign < address.length - 1 && !/\s/u.test(address);
}
