/** Something wrong with what a policy says about time. `path` leads to the key or value, as in the parsed document. */
export interface CalendarProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly severity: "error" | "warning";
}
