import type { Minimatch } from "minimatch";

/** The plain portions of one of a glob's rows: what must stand at the start of a matching text, and what must be in it. */
interface Row {
  /** Leading plain portions, joined; "" where the row begins with a wildcard. */
  readonly head: string;
  /** How long the first of them is. */
  readonly first: number;
  readonly needs: readonly string[];
}

/** A glob seen from afar; null where looking costs as much as matching. */
export type GlobOutline = readonly Row[] | null;

/** Braces multiply rows; beyond a few the glob itself is asked at once. */
const mostRows = 8;
const slash = 47;

/** Matching splits a text and walks its portions; most globs of a policy are settled for most paths without that. */
export function outlineOf({ set }: Minimatch): GlobOutline {
  if (set.length > mostRows) return null;
  const rows = set.map((portions): Row => {
    const wild = portions.findIndex((portion) => typeof portion !== "string");
    const leading = portions
      .slice(0, wild === -1 ? undefined : wild)
      .filter((portion) => typeof portion === "string");
    const plain = portions
      .filter((portion) => typeof portion === "string" && portion !== "")
      .map(String);
    // What stands behind the head tells paths of one folder apart; the head is looked at by itself.
    return {
      head: leading.join("/"),
      first: leading[0]?.length ?? 0,
      needs: plain.slice(leading.length).reverse(),
    };
  });
  return rows.every(({ head, needs }) => head === "" && needs.length === 0) ? null : rows;
}

/** False only where the glob cannot match. */
export function mayMatch(outline: GlobOutline, text: string): boolean {
  if (outline === null) return true;
  for (const row of outline) if (fits(row, text)) return true;
  return false;
}

function fits({ head, first, needs }: Row, text: string): boolean {
  if (head !== "" && !beginsWith(head, first, text)) return false;
  for (const need of needs) if (!text.includes(need)) return false;
  return true;
}

/** Whole portions only: `a/b` begins `a/b/c`, not `a/bc`. Slashes in a row count as one, so a text with such is not judged by its start. */
function beginsWith(head: string, first: number, text: string): boolean {
  if (!text.startsWith(head))
    return (
      first < head.length &&
      text.charCodeAt(first) === slash &&
      text.includes("//") &&
      text.startsWith(head.slice(0, first))
    );
  return text.length === head.length || text.charCodeAt(head.length) === slash;
}
