import type { Path, Problem } from "./problem.ts";

/** A place in a text, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where each key and value of a parsed file stands. */
export interface PlaceMap {
  readonly ofKey: (path: Path) => Place;
  readonly ofValue: (path: Path) => Place;
}

/** Plain data of a YAML file and where each of its parts stands. */
export interface Source {
  readonly data: unknown;
  readonly places: PlaceMap;
}

export function problemAt(
  place: Place,
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
export const nowhere: PlaceMap = {
  ofKey: () => ({ line: 0, column: 0 }),
  ofValue: () => ({ line: 0, column: 0 }),
};
