import { existsSync, readFileSync } from "node:fs";

const folder = (name: string): URL =>
  new URL(`../../../../../shared/corpus/${name}/`, import.meta.url);

/** Splits CSV as spreadsheets write it: quotes double themselves inside quoted cells. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
  return cells;
}

export type TruthRow = Readonly<Record<string, string>>;

/** The rows of a corpus folder's TRUTH.csv; empty, with one line on the console, where the corpus is not at hand. */
export function truthOf(name: string): readonly TruthRow[] {
  const file = new URL("TRUTH.csv", folder(name));
  if (!existsSync(file)) {
    console.info(`corpus ${name}: not at hand, its rows are not checked`);
    return [];
  }
  const [head = "", ...lines] = readFileSync(file, "utf8").trimEnd().split(/\r?\n/);
  const names = cellsOf(head);
  return lines.map((line) => {
    const cells = cellsOf(line);
    return Object.fromEntries(names.map((column, index) => [column, cells[index] ?? ""]));
  });
}

export const corpusText = (name: string, file: string): string =>
  readFileSync(new URL(file, folder(name)), "utf8");
