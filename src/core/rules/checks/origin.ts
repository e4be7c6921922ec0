import type { CheckFact } from "../../facts/checks.ts";
import { pullRequest } from "../../facts/pull-request.ts";
import type { Subject } from "../../model/subject.ts";
import type { Ask } from "../in-rounds.ts";

/** Where runs that speak of the judged change come from. */
export interface Origin {
  /** Full names of the refs whose runs are the change's own; null: any, for the commit itself is what was asked for. */
  readonly refs: ReadonlySet<string> | null;
  /** Runs of `pull_request_target` may bear the name of the base instead. */
  readonly base: string | null;
  /** The run that asks for the deployment: whatever started it, it runs on the very ref that is deployed. */
  readonly asking: number | null;
}

/**
 * Events that GitHub itself raises about a commit. Others (workflow_dispatch, schedule, workflow_run, issue_comment …) run
 * beside some commit on behalf of something else, with inputs of whoever started them: what they say is no proof of it.
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

const branch = (name: string): string => (name.startsWith("refs/") ? name : `refs/heads/${name}`);

/** `undefined` while the pull request has not been read; it is asked for only where some run says where it belongs. */
export function originOf(
  subject: Subject,
  reported: readonly CheckFact[],
  ask: Ask,
): Origin | undefined {
  if (subject.kind === "deployment") {
    const asking =
      subject.runId === null
        ? undefined
        : reported.find(({ run }) => run !== null && run.id === subject.runId)?.run;
    return {
      refs: refsOfDeployment(subject.ref, asking?.ref),
      base: null,
      asking: subject.runId,
    };
  }
  if (!reported.some(({ run }) => run?.ref !== undefined))
    return { refs: null, base: null, asking: null };
  const pull = ask(pullRequest.need());
  return pull === undefined
    ? undefined
    : { refs: new Set([branch(pull.headRef)]), base: branch(pull.baseRef), asking: null };
}

/** A tag or a commit is built by the branch that holds it: then a run of any branch, on exactly that commit, will do. */
function refsOfDeployment(ref: string, asking: string | undefined): ReadonlySet<string> | null {
  const isCommit = /^[0-9a-f]{40}$/iu.test(ref);
  const isTag = ref.startsWith("refs/tags/") || (asking?.startsWith("refs/tags/") ?? false);
  return isCommit || isTag ? null : new Set([branch(ref)]);
}

/** Why a run says nothing of the judged change, in words that follow "one"; null where it does. */
export function whyBeside({ run }: CheckFact, origin: Origin): string | null {
  if (run === null || run.id === origin.asking) return null;
  if (!aboutCommits.has(run.event)) return `from a run by ${run.event}, which tests no change`;
  if (origin.refs === null || run.ref === undefined || !ofOneBranch.has(run.event)) return null;
  if (origin.refs.has(run.ref) || run.ref.startsWith("refs/heads/gh-readonly-queue/")) return null;
  if (run.event === "pull_request_target" && run.ref === origin.base) return null;
  return `from a run of ${run.ref.replace(/^refs\/(?:heads|tags)\//u, "")}`;
}
