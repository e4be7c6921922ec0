import { type CodeownersGlob, matchesCodeownersGlob } from "./codeowners-glob.ts";

/** The last rule of a plain text: `either` for the name itself and all below it, `below` for what lies below only; -1 for none. */
type LastOf = { either: number; below: number };

/** Rules by the plain text that decides them, so that a path meets a few of thousands; `rest` is tried one by one, last first. */
export type CodeownersIndex = {
  readonly paths: ReadonlyMap<string, LastOf>;
  readonly names: ReadonlyMap<string, LastOf>;
  readonly endings: ReadonlyMap<string, LastOf>;
  readonly rest: readonly { readonly at: number; readonly glob: CodeownersGlob }[];
};

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
  return { paths, names, endings, rest: rest.sort((a, b) => b.at - a.at) };
}

/** The last rule that matches a path, -1 for none. */
export function lastMatch({ paths, names, endings, rest }: CodeownersIndex, path: string): number {
  const parts = path.split("/");
  let best = -1;
  let length = 0;
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    length += part.length + (i === 0 ? 0 : 1);
    best = Math.max(
      best,
      better(paths.get(path.slice(0, length)), last),
      better(names.get(part), last),
    );
    if (endings.size > 0)
      for (let dot = part.indexOf("."); dot !== -1; dot = part.indexOf(".", dot + 1))
        best = Math.max(best, better(endings.get(part.slice(dot)), last));
  });
  for (const { at, glob } of rest) {
    if (at < best) break;
    if (matchesCodeownersGlob(glob, path, parts)) return at;
  }
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
