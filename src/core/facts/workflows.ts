/** Stands for the file of a workflow whose run does not name it: nobody can tell whether the pull request changes it. */
export const unnamedWorkflow = "a workflow that GitHub does not name";

/** Those of the workflow files that brought a report which the pull request changes, or may change. */
export function changedWorkflows(
  workflows: readonly string[],
  changed: ReadonlySet<string>,
): readonly string[] {
  return workflows.filter((path) => path === unnamedWorkflow || changed.has(path));
}

/** A reusable workflow that a run called, at the commit at which it did. */
export interface CalledWorkflow {
  /** `acme/ci/.github/workflows/coverage.yml`, without the ref. */
  readonly path: string;
  readonly sha: string;
}

/** GitHub adds the ref to the path of some runs. */
export const workflowFile = (path: string): string => path.split("@", 1)[0] ?? path;

/** Whether a workflow's path is the one that a policy names: a path, or the file's name alone. */
export function isWorkflowNamed(wanted: string, path: string): boolean {
  const file = wanted.includes("/") ? wanted.replace(/^\.?\//u, "") : `.github/workflows/${wanted}`;
  return workflowFile(path) === file;
}

/** Whether a file of the repository is a workflow, as GitHub finds them. */
export const isWorkflowPath = (path: string): boolean =>
  /^\.github\/workflows\/[^/]+\.ya?ml$/u.test(path);
