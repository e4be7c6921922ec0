/** GitHub compares names of environments without case. */
export const sameEnvironment = (a: string, b: string): boolean =>
  a.toLowerCase() === b.toLowerCase();
