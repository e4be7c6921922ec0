import type { Path, Problem } from "./problem.ts";

/** A place in a text, 1-based. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** Where each key and value of a parsed file stands. */
export interface PositionMap {
  readonly ofKey: (path: Path) => SourcePosition;
  readonly ofValue: (path: Path) => SourcePosition;
}

/** Plain data of a YAML file and where each of its parts stands. */
export interface Source {
  readonly data: unknown;
  readonly positions: PositionMap;
}

export function problemAt(
  place: SourcePosition,
  path: string,
  message: string,
  severity: Problem["severity"] = "error",
  suggestion?: string,
): Problem {
  return {
    line: place.line,
    column: place.column,
    path,
    message,
    severity,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** The places of data that came without a text (a parsed object handed in): none. */
export const nowhere: PositionMap = {
  ofKey: () => ({ line: 0, column: 0 }),
  ofValue: () => ({ line: 0, column: 0 }),
};
