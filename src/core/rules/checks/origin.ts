import type { Ask } from "#core/facts/ask.ts";
import type { CheckFact } from "#core/facts/checks.ts";
import { pullRequest, type PullRequestFact } from "#core/facts/pull-request.ts";
import { branchRef, refsOfDeployment, type RunOrigin } from "#core/facts/run-origin.ts";
import type { WorkflowRunFact } from "#core/facts/workflow-runs.ts";
import type { Subject } from "#core/model/subject.ts";
import { meansEverything, type ChecksParams } from "./params.ts";

/** What is there on the commit. */
interface Shown {
  readonly reported: readonly CheckFact[];
  readonly runs: readonly WorkflowRunFact[];
}

const nowhere: RunOrigin = { refs: null, base: null, asking: null };

/** `undefined` while the pull request has not been read; it is asked for only where some run says where it belongs. */
export function originOf(
  subject: Subject,
  params: ChecksParams,
  { reported, runs }: Shown,
  ask: Ask,
): RunOrigin | undefined {
  const belonging = [...reported.flatMap(({ run }) => run ?? []), ...runs];
  if (subject.kind === "deployment") {
    const asking =
      subject.runId === null ? undefined : belonging.find(({ id }) => id === subject.runId);
    return { refs: refsOfDeployment(subject.ref, asking?.ref), base: null, asking: subject.runId };
  }
  const asksBase =
    subject.kind === "pull_request" && meansEverything(params) && runs.some(isOfOneBase);
  if (!asksBase && !belonging.some(({ ref }) => ref !== undefined)) return nowhere;
  const pull = ask(pullRequest.need());
  if (pull === undefined) return undefined;
  return {
    refs: new Set([branchRef(pull.headRef)]),
    base: branchRef(pull.baseRef),
    asking: null,
    ...(asksBase ? { ontoAnotherBase: ontoAnotherBase(runs, pull) } : {}),
  };
}

/** Their runs test the head merged into the base that it had then, or what that base makes of it. */
const isOfOneBase = ({ event }: WorkflowRunFact): boolean => event.startsWith("pull_request");

/**
 * GitHub names no pull request and no base of a run that can be relied on: `pull_requests` of a run lists those that are
 * open now with such a head, and none of a fork. So the instants tell: what was begun before this pull request was opened
 * was another's, and what was begun before its base changed tested another base. A re-run tests the first attempt's merge
 * again, so the instant of that one counts. Both come to the second, and within the second of the change nothing is certain.
 */
function ontoAnotherBase(
  runs: readonly WorkflowRunFact[],
  { createdAt, baseChangedAt }: PullRequestFact,
): ReadonlySet<number> {
  return new Set(
    runs
      .filter(
        (run) =>
          isOfOneBase(run) &&
          (run.startedAt < createdAt ||
            (baseChangedAt !== undefined && run.startedAt <= baseChangedAt)),
      )
      .map(({ id }) => id),
  );
}

/** A check that the policy names counts as GitHub's own required checks do: by its commit, whatever base it was tested onto. */
export const originOfNamed = (origin: RunOrigin): RunOrigin => ({
  ...origin,
  ontoAnotherBase: undefined,
});
