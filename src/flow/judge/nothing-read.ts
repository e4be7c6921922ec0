import type { GatehouseError } from "#core/model/errors.ts";
import type { Subject } from "#core/model/subject.ts";
import type { PullRequestRow } from "#core/ports/pull-request.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import { renderDecision } from "#core/render/decision.ts";
import type { Assessment } from "./assessment.ts";
import { nothingReadable, sayingSince } from "./what-stands.ts";

/** The answer about a subject of which nothing can be read any more: it waits, and says since when. */
export function nothingReadAssessment(
  subject: Subject,
  last: DecisionRecord,
  row: PullRequestRow | null,
  error: GatehouseError,
  {
    since,
    policy,
    now,
  }: { readonly since: number; readonly policy: string | null; readonly now: number },
): Assessment {
  const decision = nothingReadable(last, error.message, now);
  return {
    label: row === null ? last.subjectKey : `#${row.number}`,
    kind: "wait",
    rendered: sayingSince(renderDecision(decision), since),
    decision,
    headSha: last.headSha,
    baseRef: last.baseRef,
    pullRequest: row,
    members: null,
    digest: policy ?? last.policyDigest,
    judged: [
      {
        subject,
        answer: "wait",
        title: "Cannot be read",
        decision,
        headSha: last.headSha,
        baseSha: null,
        policy: policy ?? last.policyDigest,
        blobs: { repository: null, organization: null },
        inputs: null,
      },
    ],
    changesAt: null,
    ownCheckRuns: null,
    retry: { at: error.retryAt },
    asLastRead: null,
    editsPolicy: false,
    requests: [],
    actions: [],
    followUps: [],
  };
}
