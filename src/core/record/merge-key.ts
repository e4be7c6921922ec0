/** The name of the kept value that says which pull request became this commit of a base branch: its number. */
export const mergeOf = (repository: number, sha: string): string => `merge:${repository}:${sha}`;

/** The base branch that this merge was made on: what is fast-forwarded to it went past its pull requests. */
export const mergedOnto = (repository: number, sha: string): string =>
  `merged-onto:${repository}:${sha}`;

/**
 * Kept where a pull request was merged onto the branch that was the default one then: that branch's name. It is the
 * default branch for what was merged onto it, whatever it is called, or which one it is, by now.
 */
export const mergedOntoDefault = (repository: number, number: number): string =>
  `merged-onto-default:${repository}:${number}`;
