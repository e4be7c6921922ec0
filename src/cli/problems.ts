import { problemText, type Problem } from "../core/policy/problem.ts";
import { UnusableInput } from "./answer.ts";

/** What is wrong with an input file, one line a problem, each with its place. */
export function unusable(path: string, problems: readonly Problem[]): UnusableInput {
  const errors = problems.filter((problem) => problem.severity === "error");
  return new UnusableInput((errors.length === 0 ? problems : errors).map((problem) => `${path}:${problemText(problem)}`).join("\ngatehouse: "));
}
