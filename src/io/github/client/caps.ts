/** GitHub's own limits, each once and with the page of docs.github.com that states it. Limits of ours stand where they apply. */

/** Lengths of what we write; a text over them is refused as a whole. */
export const writeCaps = {
  // REST, Create a check run: `output` and `actions`.
  title: 255,
  text: 65_535,
  annotationMessage: 64 * 1024,
  annotationsPerRequest: 50,
  actions: 3,
  actionLabel: 20,
  actionDescription: 40,
  actionIdentifier: 20,
  // Stated only by the refusal itself: "body is too long (maximum is 65536 characters)".
  comment: 65_536,
  // Creating custom deployment protection rules: status reports.
  deploymentComment: 1_024,
} as const;

/** Lengths of the lists that we read; GitHub does not say when it leaves something out, so a full list is not believed. */
export const listCaps = {
  /** REST, List commits on a pull request; a comparison goes on. */
  pullRequestCommits: 250,
  /** REST, List pull requests files. */
  pullRequestFiles: 3_000,
  /** REST, Compare two commits. */
  comparisonFiles: 300,
  /** REST, Get repository content. */
  folderEntries: 1_000,
} as const;
