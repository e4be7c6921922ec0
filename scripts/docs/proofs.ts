import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { table } from "#core/text/markdown.ts";
import { cell } from "./markdown.ts";

/** One attack or fault: its number is its place in the list. */
export interface Row {
  readonly what: string;
  readonly defence: string;
}

/** Test files by the rows whose name stands at the beginning of one of their titles: `T5: …`, `F3, F4: …`, `W12: …`. */
export type Proofs = ReadonlyMap<string, readonly string[]>;

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.name.endsWith(".test.ts") ? [path] : [];
  });
}

/** Names at the beginning of a quoted text that is followed by a colon: a title, or a part of one in a table of cases. */
export function rowsNamedIn(source: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, list = ""] of source.matchAll(/["'`]((?:[TFW]\d{1,2})(?:(?:,? and |, ?|\/| )[TFW]\d{1,2})*)(?: \([^)"'`]*\))?:/g)) {
    for (const [name] of list.matchAll(/[TFW]\d{1,2}/g)) names.add(name);
  }
  return names;
}

export function proofsIn(root: string): Proofs {
  const proofs = new Map<string, string[]>();
  for (const file of filesUnder(join(root, "test")).toSorted()) {
    const path = relative(root, file).split(sep).join("/");
    // The test of this parser holds titles as samples: they prove nothing.
    if (path === "test/conventions/generate-docs.test.ts") continue;
    for (const name of rowsNamedIn(readFileSync(file, "utf8"))) proofs.set(name, [...(proofs.get(name) ?? []), path]);
  }
  return proofs;
}

/** Words of the tables: attacks, faults, and faults that were found on a build. */
const columns = {
  T: ["Attack", "Defence"],
  F: ["Fault", "What happens"],
  W: ["Found", "What is right"],
} as const;

export function proofTable(letter: keyof typeof columns, rows: readonly Row[], proofs: Proofs): string {
  const name = (index: number): string => `${letter}${index + 1}`;
  const unproven = unprovenRows(letter, rows, proofs).length;
  const links = (row: string): string =>
    (proofs.get(row) ?? [])
      .map((path) => `[${path.replace(/^test\//, "")}](../${path})`)
      .join(", ");
  return [
    `${rows.length - unproven} of ${rows.length} rows have a test that carries their name. A row without one says so.`,
    table(
      ["", ...columns[letter], "Test"],
      rows.map(({ what, defence }, index) => [
        name(index),
        cell(what),
        cell(defence),
        links(name(index)) || "**not proven by a test of its own yet**",
      ]),
    ),
  ].join("\n\n");
}

/** Names of the rows that no test carries. */
export const unprovenRows = (letter: string, rows: readonly Row[], proofs: Proofs): readonly string[] =>
  rows.map((_, index) => `${letter}${index + 1}`).filter((name) => !proofs.has(name));
