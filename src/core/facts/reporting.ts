import { defineFact } from "#core/model/fact.ts";

/** Branches or paths that an event is narrowed to, in GitHub's filter patterns; left out: not narrowed so. */
export interface EventFilter {
  readonly branches?: readonly string[] | undefined;
  readonly branchesIgnore?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly pathsIgnore?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
}

/** Events that start a workflow of a change itself. */
export const testingEvents = ["push", "pull_request", "merge_group"] as const;
export type TestingEvent = (typeof testingEvents)[number];

/** What starts a workflow, of the events that test a change; "unreadable": nobody can tell. */
export type Triggers = Readonly<Partial<Record<TestingEvent, EventFilter>>> | "unreadable";

export interface WorkflowHere {
  readonly path: string;
  /** Where the file stands: on the branch that the change goes to, or in the judged commit. */
  readonly at: "base" | "head";
  readonly on: Triggers;
}

/** An App, or an account that sets statuses. */
export interface Reporter {
  readonly key: string;
  readonly name: string;
}

/** Where something in the repository reports checks, in words; empty: nothing does. */
export interface ReportingFact {
  readonly signs: readonly string[];
  /** Left out in what was recorded before it was asked for. */
  readonly workflows?: readonly WorkflowHere[] | undefined;
  /** Paths of workflows that tested an earlier commit of the pull request, the base's tip, or what was merged lately. */
  readonly ran?: readonly string[] | undefined;
  /** What the base's workflows were started by then; left out in what was recorded before it was kept. */
  readonly firstOnBase?: readonly Pick<WorkflowHere, "path" | "on">[] | undefined;
  /**
   * Signs that come from workflow files of this repository alone, and from which; a sign that is left out may come from
   * anything.
   */
  readonly signsOf?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Epoch ms at which this was first asked about the commit as a change to this base. */
  readonly askedFirstAt?: number | undefined;
  /**
   * Who reported on each of the recently merged pull requests that no run of GitHub Actions tested, where these are
   * several by several people: where the tests of a repository run elsewhere, theirs are among them.
   */
  readonly elsewhere?:
    { readonly where: readonly string[]; readonly reporters: readonly Reporter[] } | undefined;
}

/** Asked only where everything that is there is green and the policy means everything, or nothing is there and that may pass. */
export const reporting = defineFact<void, ReportingFact>({
  name: "reporting",
  summary:
    "What reports checks here: workflow files, checks on the base's tip, or on the last five merged pull requests.",
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

/** Asked only where a workflow should have run and did not. */
export const switchedOffWorkflows = defineFact<void, readonly string[]>({
  name: "switched_off_workflows",
  summary: "Workflow files that are switched off at GitHub, so that nothing starts them.",
  changedBy: ["push", "pull_request.opened", "pull_request.reopened", "pull_request.synchronize"],
  permissions: ["actions"],
  cost: 3,
  describe: () => "which workflows are switched off",
});
