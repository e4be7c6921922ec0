import { knownGood, rollbackFor } from "#core/deployments/rollback.ts";
import { deployedRange } from "#core/facts/deployed-range.ts";
import { deploymentApprovals } from "#core/facts/deployment-approvals.ts";
import { sameCommitDeployments } from "#core/facts/deployments.ts";
import { lookUp, type FactTable } from "#core/model/fact.ts";
import { subjectKey, type DeploymentSubject } from "#core/model/subject.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { DecisionRecord } from "#core/ports/records.ts";
import type { KeptText } from "#core/record/keep.ts";
import { decisionEntry } from "./decision-entry.ts";
import type { DeploymentAssessment } from "./deployment-assessment.ts";
import type { Answerable } from "./deployment-request.ts";

/** What the environment runs now, where that was asked: what the deployment goes out from. */
function runsThere(facts: FactTable): string | null {
  const range = lookUp(facts, deployedRange.need());
  return range?.ok === true ? (range.value.since?.sha ?? null) : null;
}

/** What the audit log says of an answer, and the pieces to keep so that it can be given again. */
export function answerEntries(
  subject: DeploymentSubject,
  assessed: Answerable,
  now: number,
): { readonly audit: readonly AuditEntry[]; readonly kept: readonly KeptText[] } {
  const { kind, rendered, decision, digest, facts, blobs, inputs } = assessed;
  const about = {
    at: now,
    repository: subject.repository,
    subject: subjectKey(subject),
  } as const;
  const more = {
    environment: subject.environment,
    ref: subject.ref,
    run: subject.runId,
    requestedBy: assessed.asked?.actor?.login ?? null,
    triggeredBy: assessed.asked?.triggeredBy?.login ?? null,
  };
  const { entry, kept } = decisionEntry(
    {
      subject,
      answer: kind,
      title: rendered.title,
      decision,
      headSha: subject.sha,
      baseSha: runsThere(facts),
      policy: digest,
      blobs,
      inputs,
      more,
    },
    now,
  );
  // A roll back keeps its authority and reason on record, and a finding that somebody took on with it.
  const history = lookUp(facts, sameCommitDeployments.need());
  const words = lookUp(facts, deploymentApprovals.need());
  const before = history?.ok === true ? knownGood(history.value, subject) : null;
  if (before === null || kind !== "approve") return { audit: [entry], kept };
  const act =
    words?.ok === true && history?.ok === true
      ? rollbackFor(words.value, history.value, subject, now)
      : null;
  const acknowledges =
    decision?.rules
      .filter((rule) => rule.overridden?.name === "rollback")
      .map((rule) => rule.name) ?? [];
  const rollback: AuditEntry = {
    ...about,
    kind: "rollback",
    actor:
      act?.actor.login ??
      assessed.asked?.triggeredBy?.login ??
      assessed.asked?.actor?.login ??
      null,
    detail: {
      environment: subject.environment,
      sha: subject.sha,
      ranBefore: before.deploymentId,
      reason: act?.reason ?? "",
      act: act?.id ?? null,
      acknowledges,
    },
  };
  return { audit: [entry, rollback], kept };
}

/** The decision as it is kept; null: no rule was judged. */
export function decisionRecord(
  subject: DeploymentSubject,
  assessed: DeploymentAssessment,
  now: number,
): Omit<DecisionRecord, "number"> | null {
  if (assessed.decision === null) return null;
  return {
    subjectKey: subjectKey(subject),
    headSha: subject.sha,
    baseRef: subject.environment,
    policyDigest: assessed.digest,
    decision: assessed.decision,
    at: now,
  };
}
