import { defineFact } from "#core/model/fact.ts";

/** Where something in the repository reports checks, in words; empty: nothing does. */
export interface ReportingFact {
  readonly signs: readonly string[];
}

/** Asked only where a commit has no check at all, and the policy may let that pass. */
export const reporting = defineFact<void, ReportingFact>({
  name: "reporting",
  summary:
    "Whether anything reports checks here: workflow files, checks on the base's tip, or on the last five merged pull requests.",
  changedBy: [
    "push",
    "pull_request.opened",
    "pull_request.reopened",
    "pull_request.synchronize",
    "pull_request.closed",
  ],
  permissions: ["checks", "contents", "pull_requests", "statuses"],
  cost: 3,
  describe: () => "what reports checks in this repository",
});
