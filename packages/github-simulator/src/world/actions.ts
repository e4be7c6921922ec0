import type { DeploymentAnswer } from "./deployments.ts";

export interface Workflow {
  readonly id: number;
  readonly path: string;
  name: string;
  readonly createdAt: number;
}

export interface WorkflowRun {
  readonly id: number;
  readonly workflowId: number;
  readonly suiteId: number;
  readonly runNumber: number;
  attempt: number;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly headRepoId: number;
  readonly path: string;
  readonly name: string;
  readonly title: string;
  status: string;
  conclusion: string | null;
  readonly actorId: number;
  triggeringActorId: number;
  readonly createdAt: number;
  updatedAt: number;
  startedAt: number;
  readonly referencedWorkflows: readonly {
    readonly path: string;
    readonly sha: string;
    readonly ref?: string;
  }[];
  /** Jobs that GitHub has not made yet: they need others, or the run waits for an approval. */
  readonly later: string[];
  /** Who answered for which environment, oldest first. */
  readonly answers: DeploymentAnswer[];
}

export interface Job {
  readonly id: number;
  readonly runId: number;
  readonly attempt: number;
  readonly checkRunId: number;
  readonly name: string;
  status: string;
  conclusion: string | null;
  startedAt: number;
  completedAt: number | null;
  readonly createdAt: number;
  readonly environment: string | null;
  deploymentId: number | null;
}

export interface Artifact {
  readonly id: number;
  readonly runId: number;
  readonly name: string;
  readonly zip: Buffer;
  readonly digest: string;
  readonly createdAt: number;
  expired: boolean;
}
