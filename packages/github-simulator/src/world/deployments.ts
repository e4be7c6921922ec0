/** A protection rule of an environment: a custom App's gate, a wait, or human reviewers. */
export type ProtectionRule =
  | { readonly kind: "custom"; readonly id: number; readonly appId: number; enabled: boolean }
  | { readonly kind: "wait_timer"; readonly id: number; readonly minutes: number }
  | {
      readonly kind: "required_reviewers";
      readonly id: number;
      readonly preventSelfReview: boolean;
      readonly userIds: readonly number[];
      readonly teamIds: readonly number[];
    }
  | { readonly kind: "branch_policy"; readonly id: number };

export interface BranchPolicy {
  readonly id: number;
  readonly name: string;
  readonly type: "branch" | "tag";
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly rules: ProtectionRule[];
  /** `null`: every branch may deploy. */
  readonly branchPolicy: {
    readonly protectedBranches: boolean;
    readonly customPolicies: boolean;
  } | null;
  readonly branchPolicies: BranchPolicy[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly state:
    "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success" | "waiting";
  readonly description: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly creatorId: number;
  readonly createdAt: number;
}

/** What an App, or a person, answered about a deployment that waits. */
export interface DeploymentAnswer {
  readonly id: number;
  readonly state: "approved" | "rejected";
  readonly comment: string;
  readonly userId: number;
  readonly environments: readonly string[];
  readonly at: number;
  readonly appId: number | null;
}

/** One environment at whose door a workflow run stands. */
export interface Gate {
  readonly environment: string;
  readonly runId: number;
  readonly attempt: number;
  readonly deploymentId: number;
  readonly jobId: number;
  readonly requestedAt: number;
  readonly waitingAppIds: Set<number>;
  waitingForPeople: boolean;
  waitingUntil: number | null;
  readonly reports: Map<number, string[]>;
  state: "waiting" | "approved" | "rejected" | "bypassed" | "expired";
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly description: string | null;
  readonly creatorId: number;
  readonly viaAppId: number | null;
  readonly production: boolean;
  readonly createdAt: number;
  updatedAt: number;
  readonly statuses: DeploymentStatus[];
  readonly runId: number | null;
  gate: Gate | null;
}
