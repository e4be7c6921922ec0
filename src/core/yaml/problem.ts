/** Something wrong with a file of ours, at its place (1-based; 0 for the file as a whole). `path` is the way to it: `rules[0].require.reviews`. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  readonly severity: "error" | "warning";
  /** The nearest valid key or name, where one is near. */
  readonly suggestion?: string | undefined;
}

export type Path = readonly (string | number)[];

/** `rules[0].require.all[1].reviews`, the way people and jq write it. */
export function pathText(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) text += text === "" ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}

/** By place; a warning after the errors of its line. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) =>
      a.line - b.line ||
      a.column - b.column ||
      Number(a.severity === "warning") - Number(b.severity === "warning"),
  );
}

/** One line: `12:7: rules[0].name: …`. */
export function problemText(problem: Problem): string {
  const place = problem.line === 0 ? "" : `${problem.line}:${problem.column}: `;
  return `${place}${problem.path === "" ? "" : `${problem.path}: `}${problem.message}`;
}
