/** A chain of pull requests, each onto the branch of the one below it; rules of the stack's base hold for all of them. */
export interface Stack {
  readonly id: number;
  readonly number: number;
  base: string;
  /** Numbers from the bottom up. */
  pulls: number[];
}

/** The stack that a pull request is in. */
export function stackOf(
  repo: { readonly stacks: ReadonlyMap<number, Stack> },
  pull: number,
): Stack | null {
  return [...repo.stacks.values()].find((stack) => stack.pulls.includes(pull)) ?? null;
}
