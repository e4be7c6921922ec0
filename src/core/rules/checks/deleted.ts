import { listed } from "#core/text/phrases.ts";

/**
 * What helps where runs were deleted at GitHub: none of them can be run again or will report, and what was seen of it
 * counts until there is another commit.
 */
export const nextOfDeleted = (names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [
        `The run behind ${listed([...new Set(names)], 3)} was deleted at GitHub, so it can neither be run again nor report: somebody pushes a new commit, which starts its workflow again.`,
      ];
