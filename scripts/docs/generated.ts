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

/** The lines that were taken away and added, each group under the line where it begins. */
export function difference(path: string, before: string, after: string, most = 60): string {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const kept = commonLines(old, fresh);
  const lines: string[] = [];
  let [from, to] = [0, 0];
  for (const [left, right] of [...kept, [old.length, fresh.length] as const]) {
    if (left > from || right > to) {
      lines.push(`@@ line ${from + 1} @@`, ...old.slice(from, left).map((line) => `-${line}`), ...fresh.slice(to, right).map((line) => `+${line}`));
    }
    [from, to] = [left + 1, right + 1];
  }
  const shown = lines.length <= most ? lines : [...lines.slice(0, most), ` … and ${lines.length - most} more lines`];
  return [`--- ${path}`, `+++ ${path} (generated)`, ...shown].join("\n");
}

/** Pairs of places of the longest common sequence of lines (the textbook's table; documents have a few thousand lines at most). */
function commonLines(old: readonly string[], fresh: readonly string[]): readonly (readonly [number, number])[] {
  const width = fresh.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  const at = (left: number, right: number): number => longest[left * width + right] ?? 0;
  for (let left = old.length - 1; left >= 0; left -= 1) {
    for (let right = fresh.length - 1; right >= 0; right -= 1) {
      longest[left * width + right] = old[left] === fresh[right] ? at(left + 1, right + 1) + 1 : Math.max(at(left + 1, right), at(left, right + 1));
    }
  }
  const pairs: [number, number][] = [];
  let [left, right] = [0, 0];
  while (left < old.length && right < fresh.length) {
    if (old[left] === fresh[right]) {
      pairs.push([left, right]);
      [left, right] = [left + 1, right + 1];
    } else if (at(left + 1, right) >= at(left, right + 1)) left += 1;
    else right += 1;
  }
  return pairs;
}
