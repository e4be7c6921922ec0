import { bareRef } from "#core/model/ref.ts";

/** Where runs that speak of the judged change come from. */
export interface RunOrigin {
  /** Full names of the refs whose runs are the change's own; null: any, for the commit itself is what was asked for. */
  readonly refs: ReadonlySet<string> | null;
  /** Runs of `pull_request_target` may bear the name of the base instead. */
  readonly base: string | null;
  /** The run that asks for the deployment: whatever started it, it runs on the very ref that is deployed. */
  readonly asking: number | null;
  /** The change comes from a fork, whose runs here prove nothing and hide nothing; left out where it does not. */
  readonly fromFork?: boolean | undefined;
  /** Runs that tested what stood on another base, by their ids; left out where that is not asked. */
  readonly ontoAnotherBase?: ReadonlySet<number> | undefined;
}

/** Why a run of another base is none of the change, in words that follow "one". */
export const ofAnotherBase = "from a run that tested it onto another base";

/** As much of a workflow run as tells where it belongs. `ref` is left out where GitHub does not say. */
export interface RunSource {
  readonly id: number;
  readonly event: string;
  readonly ref?: string | undefined;
}

/**
 * Events that GitHub itself raises about a commit. Others (workflow_dispatch, schedule, workflow_run, issue_comment …) run
 * beside some commit on behalf of something else, with inputs of the person who started them: what they say is no proof of it.
 */
const aboutCommits: ReadonlySet<string> = new Set([
  "push",
  "pull_request",
  "pull_request_target",
  "pull_request_review",
  "merge_group",
  "dynamic",
  "deployment",
  "deployment_status",
]);
/** Those whose runs belong to one branch. The queue makes its branches itself, and a deployment may be of no branch. */
const ofOneBranch: ReadonlySet<string> = new Set([
  "push",
  "pull_request",
  "pull_request_target",
  "pull_request_review",
]);

/** The full name of a branch. */
export const branchRef = (name: string): string =>
  name.startsWith("refs/") ? name : `refs/heads/${name}`;

/** `asking`: the ref of the run that asks, which tells a tag from a branch. null: a tag or commit, which any branch builds. */
export function refsOfDeployment(
  ref: string,
  asking: string | undefined,
): ReadonlySet<string> | null {
  const isCommit = /^[0-9a-f]{40}$/iu.test(ref);
  const isTag = ref.startsWith("refs/tags/") || (asking?.startsWith("refs/tags/") ?? false);
  return isCommit || isTag ? null : new Set([branchRef(ref)]);
}

/** Whether GitHub raised the event about the commit, so that the run tests it; on which branch is another question. */
export const isAboutCommit = ({ event }: Pick<RunSource, "event">): boolean =>
  aboutCommits.has(event);

/** Why a run says nothing of the judged change, in words that follow "one"; null where it does. */
export function whyBeside(run: RunSource, origin: RunOrigin): string | null {
  if (run.id === origin.asking) return null;
  if (!isAboutCommit(run)) return `from a run by ${run.event}, which tests no change`;
  if (origin.ontoAnotherBase?.has(run.id) === true) return ofAnotherBase;
  if (origin.refs === null || run.ref === undefined || !ofOneBranch.has(run.event)) return null;
  if (origin.refs.has(run.ref) || run.ref.startsWith("refs/heads/gh-readonly-queue/")) return null;
  if (run.event === "pull_request_target" && run.ref === origin.base) return null;
  return `from a run of ${bareRef(run.ref)}`;
}
