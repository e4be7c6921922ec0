import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Real input written by others: no part of the project, found where GATEHOUSE_CORPUS says. */
const root = process.env["GATEHOUSE_CORPUS"] ?? "";

/** Where a file or folder of the corpus is; one that is missing is a mistake in the setting. */
export function corpusPath(path: string): string {
  const found = resolve(join(root, path));
  if (root === "" || !existsSync(found))
    throw new Error(`GATEHOUSE_CORPUS is ${JSON.stringify(root)}: there is no ${path}`);
  return found;
}

export const corpusText = (path: string): string => readFileSync(corpusPath(path), "utf8");

/** The rows of a CSV text, header apart: quoted fields with doubled quotes, no line breaks inside. */
export function csvRows(text: string): readonly (readonly string[])[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .slice(1)
    .map(cellsOf);
}

export type CorpusRow = Readonly<Record<string, string>>;

/** The rows of a table of the corpus as records by header. */
export function corpusTable(path: string): readonly CorpusRow[] {
  const text = corpusText(path);
  const names = cellsOf(text.split(/\r?\n/)[0] ?? "");
  return csvRows(text).map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? ""])),
  );
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    (cell) => cell[1]?.replaceAll('""', '"') ?? cell[2] ?? "",
  );
}
