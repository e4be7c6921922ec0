/** Names the value that says by which policy files (their blobs) a repository is judged: a change is a new look at every name in them. */
export const policyTouched = (repository: number): string => `policy-touched:${repository}`;
