/**
 * What a command answers: data for `--json`, words for people, and the exit code (0 fine, 1 a negative answer, 2 where
 * no input could be used, which is said input by input, 3 where the gate still holds). `troubles` go to standard error.
 */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly troubles?: readonly string[];
}

/** Input that cannot be used: exit 2, with the reason and the place on standard error. */
export class UnusableInput extends Error {
  /** Each with its place, where the input is a file of ours. */
  readonly problems: readonly PlacedProblem[];

  constructor(message: string, problems: readonly PlacedProblem[] = []) {
    super(message);
    this.name = "UnusableInput";
    this.problems = problems;
  }
}

/** A problem as `--json` tells it. */
export interface PlacedProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}
