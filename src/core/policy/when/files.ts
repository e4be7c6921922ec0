import { z } from "zod";
import { changedFiles, type ChangedFile } from "../../facts/pull-request.ts";
import { matchesAnyGlob } from "../../formats/glob.ts";
import { definePredicate } from "./predicate.ts";
import { globs, oneOrMany } from "./params.ts";

/** A renamed file counts under both names: moving a file out of a guarded folder is a change of that folder. */
function namesOf(file: ChangedFile): readonly string[] {
  return file.previousPath === undefined ? [file.path] : [file.path, file.previousPath];
}

export const paths = definePredicate<readonly string[]>({
  name: "paths",
  summary: "Any changed file, a renamed one under both names.",
  params: globs,
  gates: ["pull_request"],
  otherwise: "silent",
  uses: () => [changedFiles],
  test: (patterns, _context, ask) => ask(changedFiles.need())?.some((file) => namesOf(file).some((name) => matchesAnyGlob(patterns, name))),
});

export const onlyPaths = definePredicate<readonly string[]>({
  name: "only_paths",
  summary: "Every changed file (a renamed one under both names); false where none is changed.",
  params: globs,
  gates: ["pull_request"],
  otherwise: "silent",
  uses: () => [changedFiles],
  test: (patterns, _context, ask) => {
    const files = ask(changedFiles.need());
    if (files === undefined) return undefined;
    return files.length > 0 && files.every((file) => namesOf(file).every((name) => matchesAnyGlob(patterns, name)));
  },
});

interface Comparison {
  readonly operator: "<" | "<=" | ">" | ">=" | "=";
  readonly lines: number;
}

const comparison = z
  .string()
  .regex(/^\s*(?:<=|>=|<|>|=|==)?\s*\d{1,9}\s*$/, { error: 'not a comparison; write one such as ">500", "<=20" or "=0"' })
  .transform((text): Comparison => {
    const operator = /[<>]=?|=/.exec(text)?.[0] ?? "=";
    return { operator: isOperator(operator) ? operator : "=", lines: Number(/\d+/.exec(text)?.[0] ?? 0) };
  });

function isOperator(text: string): text is Comparison["operator"] {
  return ["<", "<=", ">", ">=", "="].includes(text);
}

function holds({ operator, lines }: Comparison, changed: number): boolean {
  switch (operator) {
    case "<":
      return changed < lines;
    case "<=":
      return changed <= lines;
    case ">":
      return changed > lines;
    case ">=":
      return changed >= lines;
    case "=":
      return changed === lines;
  }
}

export const changedLines = definePredicate<readonly Comparison[]>({
  name: "changed_lines",
  summary: 'Added and deleted lines together, compared: ">500".',
  params: oneOrMany(comparison),
  gates: ["pull_request"],
  otherwise: "silent",
  uses: () => [changedFiles],
  test: (comparisons, _context, ask) => {
    const files = ask(changedFiles.need());
    if (files === undefined) return undefined;
    const changed = files.reduce((sum, file) => sum + file.additions + file.deletions, 0);
    return comparisons.some((each) => holds(each, changed));
  },
});
