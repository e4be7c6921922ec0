import type { Person } from "#core/model/actor.ts";
import { defineFact } from "#core/model/fact.ts";

/**
 * The deployment that is judged, as its workflow run tells it now. `actor` asked for it; `triggeredBy` re-ran it,
 * where somebody did. Nobody asked for a scheduled run (`actor` null): GitHub names the last editor of its schedule.
 */
export interface DeploymentFact {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  readonly actor: Person | null;
  readonly triggeredBy: Person | null;
  /** Who asked for it besides, where several runs ask one question. */
  readonly alsoAsked?: readonly Person[] | undefined;
  /**
   * The run was started by a schedule, or a program asks with a token: there is no requester. Somebody who re-runs
   * it is barred like any requester, and gets no exemption.
   */
  readonly scheduled: boolean;
  /** Epoch ms. */
  readonly createdAt: number;
  /** The code comes from a repository other than the environment's. */
  readonly fork: boolean;
  /** The deployed branch or tag does not contain the commit, so its authors cannot be known. */
  readonly offRef?: boolean | undefined;
  /** The commit that the deployed tag points to now, if it has moved; null otherwise. */
  readonly movedTo: string | null;
  /** The run has ended, so nothing waits for an answer any more. */
  readonly over: boolean;
}

/**
 * The workflow of the run that asks, as the run executes it: at the deployed commit, which by some events must be the
 * default branch's version as well. `text` null: GitHub shows no such file.
 */
export interface AskingWorkflow extends WorkflowText {
  /** The workflows of this repository that its jobs call, to any depth, likewise. */
  readonly called: readonly WorkflowText[];
}

/** `text`: null where no such file is to be seen. */
export interface WorkflowText {
  readonly path: string;
  readonly text: string | null;
}

export const askingWorkflow = defineFact<void, AskingWorkflow | null>({
  name: "asking_workflow",
  summary: "The workflow file of the run that asks for the deployment; none where no run does.",
  changedBy: ["deployment_protection_rule.requested"],
  permissions: ["actions", "contents"],
  cost: 2,
  describe: () => "the workflow of the run that asks",
});

export const deployment = defineFact<void, DeploymentFact>({
  name: "deployment",
  summary: "Environment, commit, ref and requester of the deployment.",
  changedBy: [
    "deployment_protection_rule.requested",
    "deployment.created",
    "deployment_review.requested",
    "workflow_run.completed",
  ],
  permissions: ["deployments", "actions"],
  cost: 3,
  describe: () => "the deployment",
});

/** Whether the environment is known without the policy: GitHub has it by this very name, or something went out to it before. */
export const knownEnvironment = defineFact<void, boolean>({
  name: "known_environment",
  summary:
    "Whether GitHub has the environment by this very name, or something went out to it before.",
  changedBy: ["deployment.created"],
  permissions: ["actions"],
  cost: "single",
  describe: () => "whether the environment exists",
});
