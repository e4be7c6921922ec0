/** The name of the kept value that says which pull request became this commit of a base branch: its number. */
export const mergeOf = (repository: number, sha: string): string => `merge:${repository}:${sha}`;
