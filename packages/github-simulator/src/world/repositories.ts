import type { Account, Role } from "./people.ts";
import type { Issue, Label } from "./issues.ts";
import type { Stack } from "./stacks.ts";
import type { Pull } from "./pulls.ts";
import type { CheckRun, CheckSuite, Status } from "./checks.ts";
import type { Artifact, Job, Workflow, WorkflowRun } from "./actions.ts";
import type { Deployment, Environment } from "./deployments.ts";
import type { Evidence } from "./evidence.ts";

export interface Activity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly at: number;
  readonly kind:
    | "push"
    | "force_push"
    | "branch_deletion"
    | "branch_creation"
    | "pr_merge"
    | "merge_queue_merge";
  readonly actorId: number;
}

export interface Ruleset {
  readonly id: number;
  readonly name: string;
  readonly enforcement: "active" | "evaluate" | "disabled";
  /** Names of branches, `~DEFAULT_BRANCH` or `~ALL`. */
  readonly branches: readonly string[];
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  readonly bypass: readonly Readonly<Record<string, unknown>>[];
  readonly createdAt: number;
}

export interface Repo {
  readonly id: number;
  ownerId: number;
  name: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  hasIssues: boolean;
  readonly parentId: number | null;
  defaultBranch: string;
  readonly createdAt: number;
  pushedAt: number;
  nextNumber: number;
  /** Full names (`refs/heads/main`) to commit SHAs. */
  readonly refs: Map<string, string>;
  readonly collaborators: Map<number, Role>;
  properties: Record<string, string | readonly string[] | null>;
  readonly issues: Map<number, Issue>;
  readonly pulls: Map<number, Pull>;
  readonly stacks: Map<number, Stack>;
  /** How many of the newest entries the lists of merge queues do not show yet. */
  queueLag: number;
  readonly labels: Map<string, Label>;
  readonly suites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly checkRunsBySha: Map<string, CheckRun[]>;
  readonly statuses: Status[];
  readonly activity: Activity[];
  readonly rulesets: Ruleset[];
  readonly workflows: Map<string, Workflow>;
  readonly runs: Map<number, WorkflowRun>;
  readonly jobs: Map<number, Job>;
  readonly artifacts: Map<number, Artifact>;
  readonly environments: Map<string, Environment>;
  readonly deployments: Map<number, Deployment>;
  readonly evidence: Evidence;
}

export type Owner = Account;
