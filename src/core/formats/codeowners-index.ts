import { type CodeownersGlob, matchesCodeownersGlob } from "./codeowners-glob.ts";

/** The last rule of a plain text: `either` for the name itself and all below it, `below` for what lies below only; -1 for none. */
type LastOf = { either: number; below: number };

/** Rules by the plain text that decides them, so that a path meets a few of thousands; the others are tried one by one, last first. */
export type CodeownersIndex = {
  readonly paths: ReadonlyMap<string, LastOf>;
  readonly names: ReadonlyMap<string, LastOf>;
  readonly endings: ReadonlyMap<string, LastOf>;
  /** Others that match whatever lies in a folder: the file's own name does not matter. */
  readonly inFolders: readonly Tried[];
  readonly rest: readonly Tried[];
};

interface Tried {
  readonly at: number;
  readonly glob: CodeownersGlob;
}

export function indexGlobs(globs: readonly CodeownersGlob[]): CodeownersIndex {
  const paths = new Map<string, LastOf>();
  const names = new Map<string, LastOf>();
  // `*.js`, `*.test.ts`: a star, then plain text from a dot on.
  const endings = new Map<string, LastOf>();
  const rest: { at: number; glob: CodeownersGlob }[] = [];
  globs.forEach((glob, at) => {
    const path = plainPath(glob);
    const name = path === undefined ? anywhere(glob) : undefined;
    if (glob.tail === "exact") rest.push({ at, glob });
    else if (path !== undefined) note(paths, path, glob.tail, at);
    else if (name?.kind === "literal") note(names, name.text, glob.tail, at);
    else if (name?.kind === "starred" && name.before === "" && name.after.startsWith("."))
      note(endings, name.after, glob.tail, at);
    else rest.push({ at, glob });
  });
  rest.sort((a, b) => b.at - a.at);
  return {
    paths,
    names,
    endings,
    inFolders: rest.filter(({ glob }) => glob.tail === "below"),
    rest: rest.filter(({ glob }) => glob.tail !== "below"),
  };
}

/** How many patterns with wildcards are tried one by one. */
export const triedGlobs = ({ inFolders, rest }: CodeownersIndex): number =>
  inFolders.length + rest.length;

/** The last rule that matches a path, -1 for none. For many paths: what their folders share is looked up once. */
export function lastMatcher(index: CodeownersIndex): (path: string) => number {
  const { paths, names, endings, rest } = index;
  const folders = new Map<string, number>();
  return (path) => {
    const cut = path.lastIndexOf("/");
    const folder = cut === -1 ? null : path.slice(0, cut);
    const known = folders.get(folder ?? "/");
    const inside = known ?? lastOfFolder(index, folder);
    if (known === undefined) folders.set(folder ?? "/", inside);
    const name = path.slice(cut + 1);
    let best = Math.max(
      inside,
      better(paths.get(path), true),
      better(names.get(name), true),
      lastEnding(endings, name, true),
    );
    let parts: readonly string[] | undefined;
    for (const { at, glob } of rest) {
      if (at < best) break;
      parts ??= path.split("/");
      if (matchesCodeownersGlob(glob, path, parts)) {
        best = at;
        break;
      }
    }
    return best;
  };
}

/** The last rule that matches everything in a folder, whatever it is called; null is the root. */
function lastOfFolder(index: CodeownersIndex, folder: string | null): number {
  const { paths, names, endings, inFolders } = index;
  const parts = folder === null ? [] : folder.split("/");
  let best = -1;
  let length = -1;
  for (const part of parts) {
    length += part.length + 1;
    best = Math.max(
      best,
      better(paths.get((folder ?? "").slice(0, length)), false),
      better(names.get(part), false),
      lastEnding(endings, part, false),
    );
  }
  // Something nameless in it: these patterns end before it.
  const something = [...parts, ""];
  for (const { at, glob } of inFolders) {
    if (at < best) break;
    if (matchesCodeownersGlob(glob, folder ?? "", something)) return at;
  }
  return best;
}

function lastEnding(endings: CodeownersIndex["endings"], name: string, isLast: boolean): number {
  let best = -1;
  if (endings.size > 0)
    for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1))
      best = Math.max(best, better(endings.get(name.slice(dot)), isLast));
  return best;
}

function better(found: LastOf | undefined, last: boolean): number {
  if (found === undefined) return -1;
  return last ? found.either : Math.max(found.either, found.below);
}

function note(
  table: Map<string, LastOf>,
  text: string,
  tail: "below" | "either",
  at: number,
): void {
  const known = table.get(text) ?? { either: -1, below: -1 };
  known[tail] = at;
  table.set(text, known);
}

function plainPath({ segments }: CodeownersGlob): string | undefined {
  const texts = segments.map((segment) => (segment.kind === "literal" ? segment.text : undefined));
  return texts.length === 0 || texts.includes(undefined) ? undefined : texts.join("/");
}

/** The one segment of a pattern without a slash. */
function anywhere({ segments }: CodeownersGlob): CodeownersGlob["segments"][number] | undefined {
  return segments.length === 2 && segments[0]?.kind === "any" ? segments[1] : undefined;
}
