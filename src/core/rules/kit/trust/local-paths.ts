/** A path from the repository's root; null where it leads out of it. `from`: the folder it is relative to. */
export function resolvePath(from: string, path: string): string | null {
  const parts: string[] = from === "" ? [] : from.split("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

/** The word with which a command begins, and what a shell or interpreter is told to run. */
const started =
  /(?:^|[\s;&|(`"'])(?:(?:bash|sh|zsh|pwsh|source|\.|node|python3?|ruby|perl|php|bun|tsx|ts-node)\s+(?:-\S+\s+)*)?((?:\.{1,2}\/)?[\w@+-][\w./@+-]*)/gu;
export const isScript = (path: string): boolean => /\.(?:sh|bash|zsh|ps1|cmd|bat)$/iu.test(path);
const interpreter =
  /(?:^|[\s;&|(`"'])(?:bash|sh|zsh|pwsh|source|\.|node|python3?|ruby|perl|php|bun|tsx|ts-node)\s+(?:-\S+\s+)*["']?([\w./@+-]+)/gu;

/**
 * The changed file that a step starts by its name; null: none. What a started program reads in its turn (the tests
 * themselves, a Makefile, a package's scripts) is the change's own code, as it always is.
 */
export function runsScript(
  scripts: readonly string[],
  changed: ReadonlySet<string>,
): string | null {
  for (const script of scripts) {
    const named = new Set<string>();
    for (const [, path = ""] of script.matchAll(interpreter)) named.add(path);
    for (const [, path = ""] of script.matchAll(started))
      if (path.startsWith("../../trust/") || path.startsWith("../../") || isScript(path))
        named.add(path);
    for (const path of named) {
      const plain = path.replace(/^(?:\.{1,2}\/)+/u, "");
      if (plain === "" || plain === ".") continue;
      // A step may have changed into a folder before.
      for (const file of changed) if (file === plain || file.endsWith(`/${plain}`)) return file;
    }
  }
  return null;
}
