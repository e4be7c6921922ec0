import { diffArrays, structuredPatch, type StructuredPatchHunk } from "diff";

/** One line of an edit script. */
interface Edit {
  readonly kind: "keep" | "add" | "remove";
  readonly text: string;
}

/** Beyond this many edits the rest of the file is taken as replaced: a diff is for reading, not for proving. */
const maxEditLength = 1000;

/** What git writes under a last line that does not end; a part of that line, which makes it another line. */
export const unended = "\n\\ No newline at end of file";

export function toLines(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, last + unended];
}

/** Edit script between two texts. */
export function diffLines(before: string, after: string): Edit[] {
  const [a, b] = [toLines(before), toLines(after)];
  const changes = diffArrays(a, b, { maxEditLength });
  if (changes === undefined) {
    return [
      ...a.map((text): Edit => ({ kind: "remove", text })),
      ...b.map((text): Edit => ({ kind: "add", text })),
    ];
  }
  return changes.flatMap(({ value, added, removed }) =>
    value.map((text): Edit => ({ kind: added ? "add" : removed ? "remove" : "keep", text })),
  );
}

export interface Patch {
  readonly additions: number;
  readonly deletions: number;
  /** Unified hunks with three lines of context, as `patch` of GitHub's files. */
  readonly text: string;
}

/** All lines of one text for all of the other. */
function replaced(before: string, after: string): StructuredPatchHunk {
  const [a, b] = [toLines(before), toLines(after)];
  return {
    oldStart: 1,
    oldLines: a.length,
    newStart: 1,
    newLines: b.length,
    lines: [...a.map((line) => `-${line}`), ...b.map((line) => `+${line}`)],
  };
}

/** As git writes it: a count of one is left out, and an empty range begins at the line before it. */
const range = (line: number, count: number): string =>
  `${count === 0 ? line - 1 : line}${count === 1 ? "" : `,${count}`}`;

export function unifiedPatch(before: string, after: string): Patch {
  const patch = structuredPatch("", "", before, after, "", "", { context: 3, maxEditLength });
  const hunks = patch?.hunks ?? [replaced(before, after)];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    additions: lines.filter((line) => line.startsWith("+")).length,
    deletions: lines.filter((line) => line.startsWith("-")).length,
    text: hunks
      .map((hunk) =>
        [
          `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
          ...hunk.lines,
        ].join("\n"),
      )
      .join("\n"),
  };
}
