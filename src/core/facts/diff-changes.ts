/** Events after which a pull request's diff, or what it is compared with, may be another one. */
export const diffChanges = [
  "pull_request.opened",
  "pull_request.synchronize",
  "pull_request.reopened",
  "pull_request.edited",
] as const;
