import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the generator knows: a whole file, or one section of a page whose rest is written by hand. `path` is relative to the root. */
export type Generated =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | {
      readonly kind: "section";
      readonly path: string;
      readonly name: string;
      readonly text: string;
      /** The page to begin with where there is none yet; without it a missing page is an error. */
      readonly begin?: string;
    };

const opening = (name: string): string => `<!-- generated: ${name}; npm run docs -->`;
const closing = (name: string): string => `<!-- end: ${name} -->`;

/** An empty section, as a page that is begun by hand holds it. */
export const emptySection = (name: string): string => `${opening(name)}\n${closing(name)}\n`;

/** Puts a text between the markers of a section; throws where the page does not hold them exactly once and in order. */
export function putSection(page: string, name: string, text: string, path: string): string {
  const from = page.indexOf(opening(name));
  const to = page.indexOf(closing(name));
  if (from < 0 || to < from || page.indexOf(opening(name), from + 1) >= 0) {
    throw new Error(`${path}: must hold, once and in this order, the lines\n${emptySection(name)}`);
  }
  return `${page.slice(0, from)}${opening(name)}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

/** Every generated file as it should be, by path; hand-written parts are taken from what stands there now. */
export function wantedFiles(root: string, all: readonly Generated[]): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  for (const each of all) {
    if (each.kind === "file") {
      wanted.set(each.path, each.text);
      continue;
    }
    const page = wanted.get(each.path) ?? textOf(root, each.path) ?? each.begin;
    if (page === undefined) throw new Error(`${each.path}: the page is missing; write it with the lines\n${emptySection(each.name)}`);
    wanted.set(each.path, putSection(page, each.name, each.text, each.path));
  }
  return wanted;
}

export function textOf(root: string, path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Writes what differs and answers the paths of what it wrote. */
export function writeFiles(root: string, wanted: ReadonlyMap<string, string>): readonly string[] {
  const stale = staleOf(root, wanted);
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), wanted.get(path) ?? "");
  }
  return stale;
}

export const staleOf = (root: string, wanted: ReadonlyMap<string, string>): readonly string[] =>
  [...wanted].filter(([path, text]) => textOf(root, path) !== text).map(([path]) => path);

/** The lines between what two texts share at their beginning and at their end, as a reader of diffs expects them. */
export function difference(path: string, before: string, after: string, most = 40): string {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const removed = old.slice(head, old.length - tail).map((line) => `-${line}`);
  const added = fresh.slice(head, fresh.length - tail).map((line) => `+${line}`);
  const shown = [...cut(removed, most), ...cut(added, most)];
  return [`--- ${path}`, `+++ ${path} (generated)`, `@@ line ${head + 1} @@`, ...shown].join("\n");
}

const cut = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), ` … and ${lines.length - most} more lines`];
