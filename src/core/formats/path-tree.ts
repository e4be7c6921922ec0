import { GLOBSTAR, type Minimatch } from "minimatch";

/** The paths of one change, by folder: globs are tried on names and folders once, not on every path. */
export interface PathTree {
  readonly root: Folder;
  /** Every path once, with its place in `Found`. */
  readonly paths: ReadonlyMap<string, number>;
  /** Names that files have, and that folders have; those of odd paths left out. */
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** Paths that Git knows none of (empty names, `.`, `..`, endless ones): they are tried one by one. */
  readonly odd: readonly string[];
}

interface Folder {
  readonly folders: Map<string, Folder>;
  /** Place of the path by name. */
  readonly files: Map<string, number>;
}

const folder = (): Folder => ({ folders: new Map(), files: new Map() });
const isOddName = (name: string): boolean => name === "" || name === "." || name === "..";

/** Paths longer than GitHub allows are not indexed here: minimatch is asked about them. */
const longestPath = 4_096;

export function pathTree(given: Iterable<string>): PathTree {
  const root = folder();
  const paths = new Map<string, number>();
  const files = new Set<string>();
  const folders = new Set<string>();
  const odd: string[] = [];
  const insides = new Map<string, Folder | null>([["", root]]);
  /** null: an odd one. */
  const inside = (above: string): Folder | null => {
    const known = insides.get(above);
    if (known !== undefined) return known;
    const names = above.split("/");
    const made = names.some(isOddName) ? null : names.reduce(below, root);
    insides.set(above, made);
    return made;
  };
  const below = (parent: Folder, name: string): Folder => {
    const known = parent.folders.get(name);
    if (known !== undefined) return known;
    const made = folder();
    parent.folders.set(name, made);
    folders.add(name);
    return made;
  };
  for (const path of given) {
    if (paths.has(path)) continue;
    const at = paths.size;
    paths.set(path, at);
    const cut = path.lastIndexOf("/");
    const name = path.slice(cut + 1);
    const isOdd = path.length > longestPath || isOddName(name) || cut === 0;
    const parent = isOdd ? null : inside(cut === -1 ? "" : path.slice(0, cut));
    if (parent === null) odd.push(path);
    else {
      parent.files.set(name, at);
      files.add(name);
    }
  }
  return { root, paths, files, folders, odd };
}

/** Some of a tree's paths. */
export class Found {
  readonly #tree: PathTree;
  readonly #marks: Uint8Array;
  #size = 0;

  constructor(tree: PathTree) {
    this.#tree = tree;
    this.#marks = new Uint8Array(tree.paths.size);
  }

  get size(): number {
    return this.#size;
  }

  has(path: string): boolean {
    const at = this.#size === 0 ? undefined : this.#tree.paths.get(path);
    return at !== undefined && this.#marks[at] === 1;
  }

  add(at: number): void {
    if (this.#marks[at] !== 0) return;
    this.#marks[at] = 1;
    this.#size += 1;
  }
}

/** A portion of a glob between slashes. */
type Portion = string | typeof globstar | ((name: string) => boolean);
const globstar: unique symbol = Symbol("**");

/** A glob with its braces opened, each row by portions. */
export type Rows = readonly (readonly Portion[])[];

/** Rows are walked with a bit for each portion. */
const mostPortions = 30;
/** Deeper ones than this the glob's own matcher gives up, and so it shall say what they match. */
const mostGlobstars = 8;

/** A matcher's rows; null where only the matcher itself may be asked. */
export function rowsOf({ set, globParts }: Minimatch): Rows | null {
  const rows = set.map((portions, row) =>
    portions.map((portion, at): Portion => {
      if (portion === GLOBSTAR) return globstar;
      if (typeof portion === "string") return portion;
      const written = set.length === globParts.length ? globParts[row]?.[at] : undefined;
      return oneStar(written ?? "") ?? ((name) => portion.testUnchecked(name));
    }),
  );
  const isWalked = (row: readonly Portion[]): boolean =>
    row.length <= mostPortions &&
    row.filter((portion) => portion === globstar).length <= mostGlobstars;
  return rows.every(isWalked) ? rows : null;
}

/** Nearly every wildcard that people write: plain text around one star. */
function oneStar(written: string): ((name: string) => boolean) | null {
  const [, before, after] = /^([\w. -]*)\*([\w. -]*)$/u.exec(written) ?? [];
  if (before === undefined || after === undefined) return null;
  const shortest = before.length + after.length;
  return (name) => name.length >= shortest && name.startsWith(before) && name.endsWith(after);
}

/** Adds to `found` what a glob's rows match of a tree's ordinary paths. */
export function walk(tree: PathTree, rows: Rows, found: Found): void {
  for (const row of rows) if (mayBeIn(tree, row)) walkFolder(tree.root, row, 1, found);
}

/** Plain portions have to be there at all: most globs of a policy are settled by that for most changes. */
function mayBeIn({ files, folders }: PathTree, row: readonly Portion[]): boolean {
  for (let at = 0; at < row.length; at += 1) {
    const portion = row[at];
    if (typeof portion === "string" && !(at === row.length - 1 ? files : folders).has(portion))
      return false;
  }
  return true;
}

/** `states`: a bit for each portion that may come next. Every folder is looked into once, whatever ways lead there. */
function walkFolder(inside: Folder, row: readonly Portion[], states: number, found: Found): void {
  const { folders, files } = inside;
  const last = row.length - 1;
  const next = new Map<Folder, number>();
  for (let at = 0; at <= last; at += 1) {
    if ((states & (1 << at)) === 0) continue;
    const portion = row[at];
    if (portion === globstar) {
      if (at === last) {
        addAll(inside, found);
        return;
      }
      // Any number of folders, none included.
      states |= 1 << (at + 1);
      for (const below of folders.values()) enter(next, below, at);
    } else if (typeof portion === "string") {
      const file = at === last ? files.get(portion) : undefined;
      if (file !== undefined) found.add(file);
      const below = at === last ? undefined : folders.get(portion);
      if (below !== undefined) enter(next, below, at + 1);
    } else if (portion !== undefined) {
      if (at === last) {
        for (const [name, at] of files) if (portion(name)) found.add(at);
      } else for (const [name, below] of folders) if (portion(name)) enter(next, below, at + 1);
    }
  }
  for (const [below, then] of next) walkFolder(below, row, then, found);
}

function enter(next: Map<Folder, number>, below: Folder, at: number): void {
  next.set(below, (next.get(below) ?? 0) | (1 << at));
}

function addAll({ folders, files }: Folder, found: Found): void {
  for (const at of files.values()) found.add(at);
  for (const below of folders.values()) addAll(below, found);
}
