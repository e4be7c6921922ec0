import { z } from "zod";
import { changedFiles, type ChangedFile } from "#core/facts/pull-request.ts";
import { definePredicate } from "./predicate.ts";
import { guarding, namesMatching } from "#core/rules/kit/changed-names.ts";
import { moreIsWider, oneOrMany, pathGlobs } from "#core/rules/kit/written.ts";

type Quantifier = "some" | "every";

/** A renamed file counts under both names: moving a file out of a guarded folder is a change of that folder. */
function namesOf(file: ChangedFile): readonly string[] {
  return file.previousPath === undefined ? [file.path] : [file.path, file.previousPath];
}

/**
 * A path that is itself a folder (a submodule, a link) matches globs for files inside it where that restricts, and
 * does not under `not`.
 */
function match(
  quantifier: Quantifier,
  patterns: readonly string[],
  files: readonly ChangedFile[],
  isNegated: boolean,
): boolean {
  const isMeant = isNegated ? matching(patterns, files) : guarding(patterns, files);
  if (isMeant === null) return quantifier === "every" && files.length === 0;
  return files[quantifier]((file) => namesOf(file)[quantifier]((path) => isMeant(path, file)));
}

function matching(
  patterns: readonly string[],
  files: readonly ChangedFile[],
): ((path: string) => boolean) | null {
  const names = namesMatching(patterns, files);
  return names.size === 0 ? null : (path) => names.has(path);
}

export const paths = definePredicate<readonly string[]>({
  name: "paths",
  summary:
    "Any changed file, a renamed one under both names; a submodule or a link counts as the folder that it is.",
  params: pathGlobs.meta({ examples: ["src/**", ["migrations/**", "*.sql"]] }),
  gates: ["pull_request"],
  otherwise: "silent",
  wider: moreIsWider,
  needs: () => [changedFiles],
  test: (patterns, { isNegated = false }, ask) => {
    const files = ask(changedFiles.need());
    return files === undefined ? undefined : match("some", patterns, files, isNegated);
  },
});

export const onlyPaths = definePredicate<readonly string[]>({
  name: "only_paths",
  summary: "Every changed file (a renamed one under both names); false where none is changed.",
  params: pathGlobs.meta({ examples: ["docs/**", ["**/*.md", "LICENSE"]] }),
  gates: ["pull_request"],
  otherwise: "silent",
  wider: moreIsWider,
  needs: () => [changedFiles],
  test: (patterns, { isNegated = false }, ask) => {
    const files = ask(changedFiles.need());
    if (files === undefined) return undefined;
    return files.length > 0 && match("every", patterns, files, isNegated);
  },
});

interface Comparison {
  readonly operator: "<" | "<=" | ">" | ">=" | "=";
  readonly lines: number;
}

const comparison = z
  .string()
  .regex(/^\s*(?:<=|>=|<|>|=|==)?\s*\d{1,9}\s*$/, {
    error: 'not a comparison; write one such as ">500", "<=20" or "=0"',
  })
  .transform((text): Comparison => {
    const operator = /[<>]=?|=/.exec(text)?.[0] ?? "=";
    return {
      operator: isOperator(operator) ? operator : "=",
      lines: Number(/\d+/.exec(text)?.[0] ?? 0),
    };
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
  params: oneOrMany(comparison).meta({ examples: [">500", [">=10", "<200"]] }),
  gates: ["pull_request"],
  otherwise: "silent",
  needs: () => [changedFiles],
  test: (comparisons, _context, ask) => {
    const files = ask(changedFiles.need());
    if (files === undefined) return undefined;
    const changed = files.reduce((sum, file) => sum + file.additions + file.deletions, 0);
    return comparisons.some((each) => holds(each, changed));
  },
});
