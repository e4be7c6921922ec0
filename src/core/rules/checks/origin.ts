import type { CheckFact } from "#core/facts/checks.ts";
import { pullRequest } from "#core/facts/pull-request.ts";
import { branchRef, refsOfDeployment, type RunOrigin } from "#core/facts/run-origin.ts";
import type { Subject } from "#core/model/subject.ts";
import type { Ask } from "#core/facts/ask.ts";

/** `undefined` while the pull request has not been read; it is asked for only where some run says where it belongs. */
export function originOf(
  subject: Subject,
  reported: readonly CheckFact[],
  ask: Ask,
): RunOrigin | undefined {
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
    : { refs: new Set([branchRef(pull.headRef)]), base: branchRef(pull.baseRef), asking: null };
}
