import { problemText, type Problem } from "#core/yaml/problem.ts";
import { UnusableInput } from "./answer.ts";

/** What is wrong with an input file, one line a problem, each with its place. */
export function unusable(path: string, problems: readonly Problem[]): UnusableInput {
  const errors = problems.filter((problem) => problem.severity === "error");
  const told = errors.length === 0 ? problems : errors;
  return new UnusableInput(
    told.map((problem) => `${path}:${problemText(problem)}`).join("\ngatehouse: "),
    told.map(({ line, column, path: at, message }) => ({
      file: path,
      line,
      column,
      path: at,
      message,
    })),
  );
}
