import type { CheckFact } from "../../facts/checks.ts";
import { pullRequest } from "../../facts/pull-request.ts";
import { branchRef, refsOfDeployment, type RunOrigin } from "../../facts/run-origin.ts";
import type { Subject } from "../../model/subject.ts";
import type { Ask } from "../../facts/ask.ts";

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
