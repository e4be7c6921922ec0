import { defineFact } from "#core/model/fact.ts";
import type { CheckFact } from "./checks.ts";

/**
 * A workflow run on the judged commit, whether it has a job yet or not: GitHub makes the check run of a job that needs
 * another only when that one is done, and none at all for a run that waits for an approval or whose file is broken.
 */
export interface WorkflowRunFact {
  readonly id: number;
  /** The workflow's, as people see it. */
  readonly name: string;
  readonly event: string;
  readonly path: string | null;
  /** `refs/heads/main`: where the run belongs; left out where GitHub does not say (a fork's, a deleted branch). */
  readonly ref?: string | undefined;
  readonly status: CheckFact["status"];
  readonly conclusion: CheckFact["conclusion"];
  /** Epoch ms. */
  readonly startedAt: number;
  readonly url: string | null;
  /** It was deleted at GitHub after it had been seen: it counts as it was seen last. */
  readonly isDeleted?: boolean | undefined;
}

export const workflowRuns = defineFact<void, readonly WorkflowRunFact[]>({
  name: "workflow_runs",
  summary: "The workflow runs of the judged commit, those without a job included.",
  changedBy: [
    "workflow_run.requested",
    "workflow_run.completed",
    "check_suite.completed",
    "pull_request.opened",
    "pull_request.reopened",
    "pull_request.synchronize",
  ],
  permissions: ["checks", "actions"],
  cost: "overview",
  describe: () => "the workflow runs",
});
