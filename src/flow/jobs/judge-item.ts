import { subjectKey, type Subject } from "#core/model/subject.ts";
import { priorities, type WorkItem } from "#core/ports/queue.ts";

/** A burst of events on one subject is one evaluation: each further event waits this long for the next, at most `settleAtMost`. */
const settleMs = 1000;
const settleAtMost = 5000;

export function judgeItem(subject: Subject, now: number, urgent: boolean): WorkItem {
  return {
    key: subjectKey(subject),
    kind: "judge",
    payload: subject,
    priority: subject.kind === "deployment" ? priorities.deployment : priorities.pullRequest,
    runAt: urgent ? now : now + settleMs,
    // A burst in one repository must not keep the others waiting.
    share: String(subject.repository),
    ...(urgent ? {} : { settleMs, settleAtMost }),
  };
}
