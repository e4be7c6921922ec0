/** Owners of paths by the last line that matches; undefined where a line is of a kind that is not read here. */
export function ownersOfPaths(
  text: string,
  paths: readonly string[],
): readonly { readonly path: string; readonly names: readonly string[] }[] | undefined {
  const lines: { readonly pattern: RegExp; readonly names: readonly string[] }[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    if (line === "") continue;
    const [pattern = "", ...names] = line.split(/\s+/);
    if (/[[\]!\\?]/.test(pattern) || names.some((one) => !/^@[\w.-]+(?:\/[\w.-]+)?$/.test(one)))
      return undefined;
    lines.push({ pattern: patternOf(pattern), names });
  }
  return paths.map((path) => ({
    path,
    names: lines.findLast((line) => line.pattern.test(path))?.names ?? [],
  }));
}

/** A line's pattern: anchored by a slash inside, a folder holds what is below, `*` stays within a segment. */
function patternOf(pattern: string): RegExp {
  const isAnchored = /\/./.test(pattern.replace(/^\*\*\//, "x"));
  const body = pattern
    .replace(/^\//, "")
    .replace(/\/$/, "")
    .split("**")
    .map((part) => part.replaceAll(/[.+^${}()|]/g, "\\$&").replaceAll("*", "[^/]*"))
    .join(".*")
    .replace(/^\.\*\//, "(?:.*/)?");
  const isFolder = pattern.endsWith("/");
  const endsInStar = pattern.endsWith("/*");
  return new RegExp(
    `^${isAnchored ? "" : "(?:.*/)?"}${body}${isFolder ? "/.*" : endsInStar ? "" : "(?:/.*)?"}$`,
  );
}
