import { sameEnvironment } from "#core/deployments/environment.ts";
import type { Person } from "#core/model/actor.ts";
import type { DeploymentRow, OutsideQuestion } from "#core/model/deployment.ts";
import { firstQuestionId } from "#core/model/subject.ts";

/** A caller that has not asked for so long does not wait any more. */
export const forgottenAfterMs = 24 * 3_600_000;
/** For so long after a rejection the same question gets the same rejection; later it is judged as a new one. */
const refusalLastsMs = 10 * 60_000;
/** How long an approval may be acted upon; shorter if the answer changes by itself sooner. */
const yesLastsMs = 5 * 60_000;

/** A question of an identified caller. */
export interface Ask {
  readonly repository: number;
  readonly environment: string;
  readonly sha: string;
  /** In full where the caller says which it is (`refs/tags/v1`), else by its name. */
  readonly ref: string;
  /** The run whose job asks; null: nothing of GitHub's. */
  readonly runId: number | null;
  readonly actor: Person | null;
  readonly caller: string;
  /** Identifies the caller: a job of a run, or a token. */
  readonly callerKey: string;
  readonly digest: string | null;
  readonly now: number;
}

/** Whether the caller stopped asking, so that nothing waits for an answer. */
export const isForgotten = ({ askedAt }: OutsideQuestion, now: number): boolean =>
  now - askedAt > forgottenAfterMs;

/** Whether the row is this question: same caller, commit, ref, artifact and environment. */
export const isAboutIt = (row: DeploymentRow, ask: Omit<Ask, "now">): boolean =>
  row.question?.callerKey === ask.callerKey &&
  row.question.digest === ask.digest &&
  row.repository === ask.repository &&
  row.sha === ask.sha &&
  row.ref === ask.ref &&
  row.runId === ask.runId &&
  sameEnvironment(row.environment, ask.environment);

function isSame(row: DeploymentRow, ask: Ask): boolean {
  const { question } = row;
  if (question === undefined || !isAboutIt(row, ask)) return false;
  if (row.gateAnsweredAt !== null && row.gateAnswer !== "rejected") return false;
  // From the first no on: who asks every few minutes does not keep it alive.
  const refusedAt = question.refusedAt ?? row.gateAnsweredAt;
  return refusedAt === null
    ? !isForgotten(question, ask.now)
    : ask.now - refusedAt <= refusalLastsMs;
}

/**
 * The row of a question that is asked again; null: it is a new one. While it is held, and shortly after a no, what the
 * same caller asks again is the same question; what another caller asks is another one, with its own requester and its
 * own yes. A yes is for one deployment, so that what is asked after it is new. `rows`: of the commit, newest first.
 */
export function askedAgain(rows: readonly DeploymentRow[], ask: Ask): DeploymentRow | null {
  const known = rows.find((row) => isSame(row, ask));
  if (known?.question === undefined) return null;
  return {
    ...known,
    actor: known.actor ?? ask.actor,
    gateAnsweredAt: null,
    gateAnswer: null,
    question: {
      ...known.question,
      caller: ask.caller,
      asked: known.question.asked + 1,
      askedAt: ask.now,
      validUntil: null,
      refusedAt: known.question.refusedAt ?? known.gateAnsweredAt ?? undefined,
    },
  };
}

/**
 * The row of a question that nobody asked yet; `newest`: the highest number of a question in this repository, null where
 * there is none. Numbers follow the clock as well, so that none is given twice where an older store was put back.
 */
export function askedAnew(ask: Ask, newest: number | null): DeploymentRow {
  const { repository, environment, sha, ref, runId, actor, caller, callerKey, digest, now } = ask;
  return {
    repository,
    deploymentId: Math.max(firstQuestionId + now * 1000, (newest ?? 0) + 1),
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
    question: { caller, callerKey, digest, asked: 1, askedAt: now, judged: null, validUntil: null },
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
