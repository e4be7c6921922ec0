import type { Person } from "#core/model/actor.ts";
import { defineFact } from "#core/model/fact.ts";

export const checkConclusions = [
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
  "stale",
  "startup_failure",
] as const;
export type CheckConclusion = (typeof checkConclusions)[number];

export const conclusionMeanings: Readonly<Record<CheckConclusion, string>> = {
  success: "It passed.",
  failure: "It failed.",
  neutral: "It passes no judgement.",
  cancelled: "Somebody cancelled it.",
  skipped: "It was skipped.",
  timed_out: "It took too long.",
  action_required: "It waits for somebody to act.",
  stale: "GitHub gave it up as too old.",
  startup_failure: "It could not begin.",
};

/**
 * One check run or commit status on the exact commit. A status is folded onto a check's words:
 * pending → in_progress; error and failure → completed/failure.
 */
export interface CheckFact {
  readonly id: number;
  readonly kind: "check_run" | "status";
  readonly name: string;
  /** The app that reported it; for a status the app behind the creator, null where a person set it. */
  readonly app: { readonly id: number | null; readonly slug: string } | null;
  /** Who set a status: GitHub gives a context to nobody in particular. Left out for a check run, and where the account is gone. */
  readonly creator?: Person | undefined;
  readonly status: "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";
  readonly conclusion: CheckConclusion | null;
  /** Epoch ms; what orders runs of one name. */
  readonly startedAt: number;
  readonly completedAt: number | null;
  readonly url: string | null;
  /** Its check suite; left out for a status, and where GitHub does not say. Only within a suite does a run take another's place. */
  readonly suite?: number | undefined;
  /** The Actions run of its suite, where there is one. */
  readonly run: {
    readonly id: number;
    readonly event: string;
    readonly path: string | null;
    /** `refs/heads/main`: where the run belongs; left out where GitHub does not say (a fork's, a deleted branch). */
    readonly ref?: string | undefined;
  } | null;
  /** Only jobs have steps. Left out where nobody looked. */
  readonly hasSteps?: boolean | undefined;
  readonly externalId: string | null;
  /** Its workflow run was deleted at GitHub after it had been seen: it counts as it was seen last. */
  readonly isDeleted?: boolean | undefined;
}

export const checks = defineFact<void, readonly CheckFact[]>({
  name: "checks",
  summary: "Every check run and commit status of the judged commit.",
  // A suite's own completion adds nothing: each of its check runs was told already.
  changedBy: [
    "check_run.created",
    "check_run.completed",
    "check_run.rerequested",
    "check_suite.rerequested",
    "status",
    "workflow_run.completed",
    "pull_request.opened",
    "pull_request.reopened",
    "pull_request.synchronize",
  ],
  permissions: ["checks", "statuses"],
  cost: "overview",
  describe: () => "the checks",
});

/**
 * GitHub's summary of a commit shows the newest status of a context, no matter who set it, and everybody who may set statuses may set
 * any context. So before a status lets anything through, the whole list is looked at: another's green hides no red.
 */
export const statusReports = defineFact<void, readonly CheckFact[]>({
  name: "status_reports",
  summary: "The newest commit status of each creator under each context.",
  changedBy: ["status", "pull_request.opened", "pull_request.reopened", "pull_request.synchronize"],
  permissions: ["checks", "statuses"],
  cost: 3,
  describe: () => "who set which commit status",
});

/**
 * Whether a real Actions job stands behind a check run that claims the app github-actions: any workflow can post a
 * check run with its GITHUB_TOKEN, but only GitHub makes jobs (threat T2).
 */
export const jobBehindCheck = defineFact<
  { readonly check: number; readonly run: number | null },
  boolean
>({
  name: "job_behind_check",
  summary: "Whether a real Actions job stands behind a check run.",
  changedBy: ["check_run.completed", "workflow_run.completed"],
  permissions: ["actions"],
  cost: 3,
  describe: () => "the workflow job behind a check",
});

/** What the jobs of one name say in the newest attempt of their run, the worst of them; null: the run has no job of that name. */
export interface JobFact {
  readonly status: CheckFact["status"];
  readonly conclusion: CheckConclusion | null;
}

/**
 * GitHub shows one check run of a name in a suite, the newest, and a check run made with a workflow's GITHUB_TOKEN lands
 * in a suite of its commit: it can stand where a job's red stood. So the job is asked itself (threat T2).
 */
export const jobNamed = defineFact<{ readonly run: number; readonly name: string }, JobFact | null>(
  {
    name: "job_named",
    summary: "What the job of that name says in a workflow run.",
    changedBy: ["check_run.completed", "workflow_run.completed"],
    permissions: ["actions"],
    cost: 3,
    describe: ({ name }) => `the workflow job ${name}`,
  },
);
