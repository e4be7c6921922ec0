/** A line of a file in the repository. */
export interface Location {
  readonly path: string;
  readonly line: number;
}

/** Where GitHub's runners check the repository out. */
const workspaces = [
  /^\/home\/runner\/work\/[^/]+\/[^/]+\//,
  /^\/Users\/runner\/work\/[^/]+\/[^/]+\//,
  /^[A-Za-z]:\/a\/[^/]+\/[^/]+\//,
  /^\/github\/workspace\//,
  // What a bundler calls the project.
  /^\/{2,3}\.\//,
  /^\/__w\/[^/]+\/[^/]+\//,
];
const foreign = /(?:^|\/)(?:node_modules|site-packages|vendor|dist-packages)\//;
const pathAndLine =
  /((?:(?<![A-Za-z])[A-Za-z]:)?[\w.@/\\-]{1,300}\.[A-Za-z]{1,10})(?::line |:)(\d{1,7})(?![\d\w])/g;

/**
 * Where a case failed, as far as it is told: a place in the failure's own words that lies in the case's file, else the
 * first in the repository, else the file and line of the case. A bare file name may stand in any folder and is none.
 */
export function locationIn(
  { file, line }: { readonly file: string; readonly line: string },
  text: string,
): Location | null {
  const own = inRepository(file);
  const told: Location[] = [];
  for (const [, path = "", at = ""] of text.slice(0, 5000).matchAll(pathAndLine)) {
    const inside = inRepository(path);
    const number = Number(at);
    if (inside === null || number < 1 || foreign.test(inside)) continue;
    if (own !== null && (inside === own || own.endsWith(`/${inside}`)))
      return { path: own, line: number };
    if (inside.includes("/")) told.push({ path: inside, line: number });
  }
  const [first] = told;
  const number = Number(line);
  if (own !== null && line !== "" && Number.isSafeInteger(number) && number > 0)
    return { path: own, line: number };
  return first ?? null;
}

function inRepository(written: string): string | null {
  const plain = written.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
  const root = workspaces.find((each) => each.test(plain));
  const path = root === undefined ? plain : plain.replace(root, "");
  if (path === "" || path.startsWith("/") || /^[A-Za-z]:/.test(path)) return null;
  return path.split("/").some((part) => part === ".." || part === "" || part === ".") ? null : path;
}
