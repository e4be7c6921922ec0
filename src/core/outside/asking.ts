import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Person } from "#core/model/actor.ts";
import type { DeploymentRow, OutsideQuestion } from "#core/model/deployment.ts";
import { firstQuestionId } from "#core/model/subject.ts";

/** Nobody who asks so seldom waits for the answer any more. */
export const forgottenAfterMs = 24 * 3_600_000;
/** So long after a no the same question is the same one, which a rejection answers again; then it is judged as a new one. */
const refusalLastsMs = 10 * 60_000;
/** A yes may be acted upon for so long; sooner where the answer changes by itself. */
const yesLastsMs = 5 * 60_000;

/** Who asks what, once the caller is known. */
export interface Ask {
  readonly repository: number;
  readonly environment: string;
  readonly sha: string;
  readonly ref: string;
  /** The run whose job asks; null: nothing of GitHub's. */
  readonly runId: number | null;
  readonly actor: Person | null;
  readonly caller: string;
  readonly digest: string | null;
  readonly now: number;
}

/** Whether nobody asks any more, so that nothing waits for an answer. */
export const isForgotten = ({ askedAt }: OutsideQuestion, now: number): boolean =>
  now - askedAt > forgottenAfterMs;

function isSame(row: DeploymentRow, ask: Ask): boolean {
  const { question } = row;
  if (question === undefined || !sameEnvironment(row.environment, ask.environment)) return false;
  if (row.gateAnsweredAt === null) return !isForgotten(question, ask.now);
  return row.gateAnswer === "rejected" && ask.now - row.gateAnsweredAt <= refusalLastsMs;
}

/**
 * The row of a question that is asked now. While it is held, and shortly after a no, a repeated question is the same
 * one; a yes is for one deployment, so that what is asked after it is judged as a new one. `rows`: of the commit,
 * newest first.
 */
export function askedNow(rows: readonly DeploymentRow[], ask: Ask): DeploymentRow {
  const { environment, sha, repository, ref, runId, actor, caller, digest, now } = ask;
  const known = rows.find((row) => isSame(row, ask));
  if (known?.question !== undefined)
    return {
      ...known,
      // Who asks now waits now: a run that has ended is none that could still deploy. Who asked first stays barred.
      ref,
      runId,
      actor: known.actor ?? actor,
      gateAnsweredAt: null,
      gateAnswer: null,
      question: {
        ...known.question,
        caller,
        digest,
        asked: known.question.asked + 1,
        askedAt: now,
        validUntil: null,
      },
    };
  const taken = new Set(rows.map(({ deploymentId }) => deploymentId));
  let deploymentId = firstQuestionId + now * 1000;
  while (taken.has(deploymentId)) deploymentId += 1;
  return {
    repository,
    deploymentId,
    environment,
    sha,
    ref,
    runId,
    actor,
    createdAt: now,
    state: "pending",
    startedAt: null,
    finishedAt: null,
    succeededAt: null,
    gateRequestedAt: now,
    gateAnsweredAt: null,
    gateAnswer: null,
    reports: 0,
    question: { caller, digest, asked: 1, askedAt: now, judged: null, validUntil: null },
  };
}

/** Longer after it was judged a yes is read again before it is given; and where its evidence is older than that. */
const freshMs = 10_000;
const evidenceLastsMs = 60_000;

/**
 * What the row becomes when its answer is given to a caller who asked `ask`; null: there is none to give. A yes is given
 * fresh or not at all, never beyond the instant at which it may change, and not once people said something that stops;
 * `stops`: how much of that is on record.
 */
export function answeredNow(
  row: DeploymentRow,
  ask: number,
  now: number,
  stops: number,
): DeploymentRow | null {
  const { question } = row;
  const judged = question?.judged ?? null;
  if (question === undefined || judged === null || row.gateAnsweredAt !== null) return null;
  if (judged.ask < ask || judged.answer === "wait") return null;
  if (judged.answer === "deny") return { ...row, gateAnsweredAt: now, gateAnswer: "rejected" };
  const isFresh =
    Math.abs(now - judged.recordedAt) <= freshMs &&
    now - judged.at < evidenceLastsMs &&
    judged.stops === stops;
  if (!isFresh || (judged.changesAt !== null && judged.changesAt <= now)) return null;
  const validUntil = Math.min(now + yesLastsMs, judged.changesAt ?? Number.POSITIVE_INFINITY);
  return {
    ...row,
    gateAnsweredAt: now,
    gateAnswer: "approved",
    question: { ...question, validUntil },
  };
}
