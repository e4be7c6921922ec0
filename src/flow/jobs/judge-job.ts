import { subjectKey, subjectSchema, type Subject } from "#core/model/subject.ts";
import { priorities, type WorkItem } from "#core/ports/queue.ts";
import { defineJob } from "./define-job.ts";

/** A burst of events on one subject is one evaluation: each further event waits this long for the next, at most `settleAtMost`. */
const settleMs = 1000;
const settleAtMost = 5000;

/** Judges a subject and publishes the answer. */
export const judgeJob = defineJob({
  kind: "judge",
  schema: subjectSchema,
  guard: "writable",
  priority: ({ kind }) => (kind === "deployment" ? priorities.deployment : priorities.pullRequest),
  key: (subject) => subjectKey(subject),
  // A burst in one repository must not keep the others waiting.
  share: ({ repository }) => String(repository),
});

export const judgeItem = (subject: Subject, now: number, urgent: boolean): WorkItem =>
  urgent
    ? judgeJob.item(subject, now)
    : { ...judgeJob.item(subject, now + settleMs), settleMs, settleAtMost };
