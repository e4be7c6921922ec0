import type { EventFilter } from "#core/facts/reporting.ts";
import { matchesPattern, patternProblem } from "#core/formats/pattern.ts";

/**
 * A filter pattern of a workflow as a regular expression, by GitHub's own list of what its characters mean: `?` and `+`
 * repeat what stands before them, and only `**` crosses a slash.
 */
function expressionOf(pattern: string): string {
  const parts = pattern.match(/\*\*\/|\*\*|\*|\[[^\]]*\]|\\.|[\s\S]/gu) ?? [];
  const written = parts.map((part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?" || part === "+" || part.startsWith("[") || part.startsWith("\\")) return part;
    return part.replace(/[.^$(){}|\]]/gu, "\\$&");
  });
  return `^(?:${written.join("")})$`;
}

/** A pattern that cannot be read matches everything, so that a run is waited for rather than assumed away. */
function matches(pattern: string, name: string): boolean {
  const expression = expressionOf(pattern);
  return patternProblem(expression) !== null || matchesPattern(expression, name);
}

/** The last pattern that matches a name decides; `!` excludes it. */
const takes = (patterns: readonly string[], name: string): boolean =>
  patterns.reduce(
    (isIn, pattern) =>
      pattern.startsWith("!")
        ? isIn && !matches(pattern.slice(1), name)
        : isIn || matches(pattern, name),
    false,
  );

export const takesBranch = ({ branches, branchesIgnore }: EventFilter, branch: string): boolean =>
  branches === undefined
    ? branchesIgnore === undefined || !takes(branchesIgnore, branch)
    : takes(branches, branch);

export const isOfPaths = ({ paths, pathsIgnore }: EventFilter): boolean =>
  paths !== undefined || pathsIgnore !== undefined;

/** Whether files that changed are such as the event is narrowed to. */
export const takesFiles = (
  { paths, pathsIgnore }: EventFilter,
  changed: readonly string[],
): boolean =>
  changed.some(
    (path) =>
      (paths === undefined || takes(paths, path)) &&
      (pathsIgnore === undefined || !takes(pathsIgnore, path)),
  );
