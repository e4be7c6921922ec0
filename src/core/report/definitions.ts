/** The words beside each figure: pages, documents and exports take them from here. */
export const definitions = {
  deploymentFrequency: {
    title: "Deployment frequency",
    says: "How often a change went to the environment: deployments that succeeded in the period, by the days on which the gate watched. Roll backs bring no change and are not among them; the same run again is the same deployment.",
  },
  leadTime: {
    title: "Lead time for changes",
    says: "From the first push of a pull request's branch (of a fork: from its opening) until it ran in the environment for the first time, the middle of all changes that arrived there in the period.",
  },
  changeFailureRate: {
    title: "Change failure rate",
    says: "Of the deployments that ended in the period, roll backs left out, those that failed or that a roll back replaced. The same run again counts by its last try.",
  },
  recoveryTime: {
    title: "Failed deployment recovery time",
    says: "From the failure (for one that was rolled back: from its success) until the next deployment to the environment succeeded, the middle of the failures of the period. A failure without a success since is not in it, and is counted.",
  },
  path: {
    title: "Commit to production",
    says: "The way of the changes that arrived in the period, the middle of each step by itself.",
  },
  waiting: {
    title: "Waiting time",
    says: "How long a rule was not met, from one decision to the next on the same subject, within the period. What still waits at its last decision is not in it.",
  },
  checks: {
    title: "Failures by check",
    says: "Check runs that rules listen to, by when they ended in the period: how many failed, timed out or could not start, and how long they took, the mean of those that say when they began. The same check run again counts again.",
  },
  coverage: {
    title: "Coverage",
    says: "Project coverage of the head of each pull request that was merged into the default branch, where a rule read it.",
  },
  overrides: {
    title: "Overrides and bypasses",
    says: "Overrides that were granted, and merges and deployments that went past the gate, by when that was recorded.",
  },
  judgedRight: {
    title: "Overrides judged right",
    says: "Of the overrides that were reviewed in the period, those of which the review says that they were right. Where the review does not say, it was not observed.",
  },
  caughtBy: {
    title: "Rules that would have caught it",
    says: "What reviews of overrides and bypasses name as the rule that would have caught what went wrong, and how often.",
  },
} as const;

/** Steps of the way of a change, in order. */
export const steps = {
  merge: "from the first push to the merge",
  ask: "from the merge until a deployment was asked for",
  gate: "from asking until the gate approved",
  run: "from the approval (without a gate: from asking) until it ran",
} as const;
export type Step = keyof typeof steps;
