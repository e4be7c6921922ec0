import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../../shared/corpus/", import.meta.url));

/** A folder of recorded real input beside the project; where it is absent the tests stand on their own fixtures, and say so. */
export function corpusFolder(name: string): string | undefined {
  const folder = `${root}${name}/`;
  if (existsSync(folder)) return folder;
  console.log(`corpus ${name} is not here: only the fixtures of this file are tested`);
  return undefined;
}

/** Rows of a corpus table as records by header; none where the corpus is absent. */
export function corpusTable(folder: string | undefined, file: string): readonly Readonly<Record<string, string>>[] {
  if (folder === undefined) return [];
  const [header = [], ...rows] = parseCsv(readFileSync(folder + file, "utf8"));
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""])));
}

function parseCsv(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((cell) => cell[1]?.replaceAll('""', '"') ?? cell[2] ?? ""));
}
