/** The name of the kept value that says when the gate first looked at a repository (epoch ms). */
export const firstLookKey = (repository: number): string => `first-look-at:${repository}`;
