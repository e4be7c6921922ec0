/** The name of the kept value that says when the gate first looked at a repository (epoch ms). */
export const firstLookKey = (repository: number): string => `first-look-at:${repository}`;

/** The same for when it was first asked about an environment of it. */
export const firstAskedKey = (repository: number, environment: string): string =>
  `first-asked-at:${repository}:${environment.toLowerCase()}`;

/** Since when the gate judges an environment: since it looked at the repository, and was asked about the environment. */
export const judgedFrom = (firstLook: number, firstAsked: number | null): number =>
  Math.max(firstLook, firstAsked ?? 0);
