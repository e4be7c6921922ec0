import { pullRequest } from "#core/facts/pull-request.ts";
import type { Decision } from "#core/model/decision.ts";
import { lookUp } from "#core/model/fact.ts";
import { subjectKey, type Subject } from "#core/model/subject.ts";
import type { AuditEntry } from "#core/ports/audit.ts";
import type { RecordedAnswer } from "#core/record/decide-again.ts";
import { evidenceIds } from "#core/record/evidence-ids.ts";
import type { DecisionInputs } from "#core/record/inputs.ts";
import { takeApart, type InputDigests, type KeptText } from "#core/record/keep.ts";
import { recordedOutcome } from "#core/record/outcome.ts";
import type { PolicyBlobs } from "#flow/policy/policies.ts";
import { textDigest } from "#flow/publish/content-hash.ts";

/** One answer with everything it stands on. */
export interface JudgedOnce {
  readonly subject: Subject;
  readonly answer: RecordedAnswer;
  readonly title: string;
  readonly decision: Decision | null;
  readonly headSha: string;
  /** null: there is no base (a deployment), or it could not be read. */
  readonly baseSha: string | null;
  /** Stands for the contents of every policy file. */
  readonly policy: string;
  readonly blobs: PolicyBlobs;
  /** null: nothing was judged (trouble before any policy was known). */
  readonly inputs: DecisionInputs | null;
  /** What else the record shall say. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Whose pull request it is, where that was read: lists ask for it. */
function authorOf(inputs: DecisionInputs | null): { readonly author?: string } {
  const read = inputs === null ? undefined : lookUp(inputs.facts, pullRequest.need());
  return read?.ok === true && read.value.author !== null ? { author: read.value.author.login } : {};
}

/** The audit record of an answer, and the pieces to keep so that it can be given again from it. */
export function decisionEntry(
  judged: JudgedOnce,
  at: number,
): {
  readonly entry: AuditEntry;
  readonly kept: readonly KeptText[];
  /** null: nothing was judged. */
  readonly digests: InputDigests | null;
} {
  const { subject, answer, title, decision, headSha, baseSha, policy, blobs, inputs, more } =
    judged;
  const apart = inputs === null ? null : takeApart(inputs, textDigest);
  const detail = {
    ...more,
    title,
    head: headSha,
    base: baseSha,
    ...authorOf(inputs),
    policy,
    blobs,
    ...recordedOutcome(answer, decision, textDigest),
    evidence: evidenceIds(
      [...(inputs?.facts.values() ?? [])].flatMap((result) => (result.ok ? result.evidence : [])),
    ),
    inputs: apart?.digests ?? null,
  };
  return {
    entry: {
      at,
      kind: "decision",
      repository: subject.repository,
      subject: subjectKey(subject),
      actor: null,
      detail,
    },
    kept: apart?.kept ?? [],
    digests: apart?.digests ?? null,
  };
}
